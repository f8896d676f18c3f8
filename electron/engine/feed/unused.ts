import type { FaultParams } from '../../contract/faults.ts';
import type { FeedPart } from './format.ts';
import { type FieldMapping, looksLike } from './mapping.ts';
import { problem } from './problem.ts';

type UnusedColumn = FaultParams['COLUMN_UNUSED'];

const MOST_EXAMPLE_CHARACTERS = 60;

/**
 * Columns of a table, or paths of a JSON item, that are not used although their values look like those of a field.
 * @param values the first values of each column or path
 */
export function unusedColumns(
  values: ReadonlyMap<string, readonly string[]>,
  fields: FieldMapping,
): UnusedColumn[] {
  const used = new Set(Object.values(fields).flat());
  return [...values].flatMap(([column, written]): UnusedColumn[] => {
    const looks = column === '' || used.has(column) ? null : looksLike(column, written, fields);
    const example = (written[0] ?? '').slice(0, MOST_EXAMPLE_CHARACTERS);
    return looks ? [{ column, looksLike: looks, example }] : [];
  });
}

export function* unusedProblems(unused: readonly UnusedColumn[]): Generator<FeedPart> {
  for (const params of unused) {
    yield { problem: problem(params.column, { code: 'COLUMN_UNUSED', params }) };
  }
}
