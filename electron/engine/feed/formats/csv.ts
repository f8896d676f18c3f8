import type { FaultParams } from '../../../contract/faults.ts';
import type { FeedMapping } from '../../../contract/publishing.ts';
import { firstValues, requiredLayout, type TableLayout, tableLayout, tableRows } from '../delimited.ts';
import type { Fields, Format } from '../format.ts';
import { splitImageRefs } from '../image-refs.ts';
import { invalidFeed } from '../invalid-feed.ts';
import { type FieldMapping, mapped, missingFields, proposeFields } from '../mapping.ts';
import { unusedColumns, unusedProblems } from '../unused.ts';

type UnusedColumn = FaultParams['COLUMN_UNUSED'];

const ROWS_LOOKED_AT = 50;

/** A table with a header. A mapping assigns its columns to fields; without one, the columns' names do. */
export const csv: Format = {
  recognises({ head, json }) {
    const layout = json === undefined ? tableLayout(head) : null;
    return layout !== null && Object.keys(proposeFields(layout.columns)).length > 0;
  },

  async *read({ head, text, url }, mapping) {
    const layout = requiredLayout({ head, url });
    const fields = csvMapping(layout, mapping).fields;
    const unused = unusedColumns(firstValues(head, layout, ROWS_LOOKED_AT), fields);
    checkColumns(fields, layout, unused, url);
    yield* unusedProblems(unused);
    for await (const row of tableRows(text, layout, url)) {
      yield 'problem' in row ? row : { ...row, fields: product(row.fields, fields) };
    }
  },
};

/** The admin's mapping, or the one proposed from the names of the columns. */
export function csvMapping(
  { columns }: TableLayout,
  mapping: FeedMapping | null,
): Extract<FeedMapping, { format: 'csv' }> {
  return mapping?.format === 'csv'
    ? mapping
    : { format: 'csv', fields: proposeFields(columns), charset: null };
}

function checkColumns(
  fields: FieldMapping,
  { columns }: TableLayout,
  unused: readonly UnusedColumn[],
  url: string,
): void {
  const missing = missingFields(fields);
  if (missing.length > 0) {
    const maybe = unused.flatMap(({ column, looksLike: field }) =>
      field !== 'price' && missing.includes(field) ? [{ column, field }] : [],
    );
    throw invalidFeed(url, { reason: 'columns-unknown', fields: missing, columns, maybe });
  }
  const absent = Object.values(fields)
    .flat()
    .filter((column) => !columns.includes(column));
  if (absent.length > 0) throw invalidFeed(url, { reason: 'columns-gone', columns: absent });
}

function product(row: Fields, fields: FieldMapping): Fields {
  const item = mapped(fields, (column) => (row[column] === undefined ? [] : [row[column]]));
  const { size: _, ...others } = fields;
  // The size is also an attribute, under the shop's own name for it, so that it can be filtered by.
  const used = new Set(Object.values(others).flat());
  return {
    ...item,
    images: item.images.flatMap((cell) => (typeof cell === 'string' ? splitImageRefs(cell) : [cell])),
    attributes: Object.fromEntries(Object.entries(row).filter(([column]) => !used.has(column))),
  };
}
