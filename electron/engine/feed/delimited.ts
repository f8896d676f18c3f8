import { pipeline, Readable } from 'node:stream';
import { parse } from 'csv-parse';
import { parse as parseNow } from 'csv-parse/sync';
import type { FeedPart, Fields } from './format.ts';
import { invalidFeed } from './invalid-feed.ts';
import { invalidItem } from './problem.ts';

const DELIMITERS = ['\t', ';', ',', '|'];
const MOST_CHARACTERS_PER_ROW = 16_000_000;

/** The layout of a table, detected from its beginning. */
export interface TableLayout {
  delimiter: string;
  columns: string[];
  /** The line of the header, from 1: Excel writes "sep=;" before it. */
  headerLine: number;
}

/** Null when the text does not begin with a header of at least two columns with different names. */
export function tableLayout(head: string): TableLayout | null {
  const separator = /^sep=(.)\r?\n/i.exec(head);
  const table = separator ? head.slice(separator[0].length) : head;
  const header = table.slice(0, table.search(/[\r\n]|$/));
  const counts = DELIMITERS.map((mark) => ({ mark, count: header.split(mark).length }));
  const delimiter =
    separator?.[1] ?? counts.reduce((most, next) => (next.count > most.count ? next : most)).mark;
  try {
    const [cells = []]: string[][] = parseNow(table, { delimiter, relax_quotes: true, to: 1 });
    const columns = cells.map((cell) => cell.trim());
    const named = columns.filter((column) => column !== '');
    if (named.length < 2 || new Set(named).size < named.length) return null;
    return { delimiter, columns, headerLine: separator ? 2 : 1 };
  } catch {
    return null;
  }
}

/**
 * Like `tableLayout`, for a document that must be a table.
 * @throws LookalikeError FEED_INVALID
 */
export function requiredLayout({ head, url }: { head: string; url: string }): TableLayout {
  const layout = tableLayout(head);
  if (layout) return layout;
  throw invalidFeed(url, { reason: 'no-header' });
}

/** The first values of each column, without empty cells. */
export function firstValues(
  head: string,
  { delimiter, columns, headerLine }: TableLayout,
  most: number,
): Map<string, string[]> {
  const options = { delimiter, relax_quotes: true, relax_column_count: true, from_line: headerLine + 1 };
  // The head may end in the middle of a row. An incomplete row is skipped.
  const rows: string[][] = parseNow(head, { ...options, to: most, skip_records_with_error: true });
  return new Map(
    columns.map((column, index) => [
      column,
      rows.map((row) => row[index]?.trim() ?? '').filter((cell) => cell !== ''),
    ]),
  );
}

/**
 * The rows of a table as records by column name, without empty cells. A row with another number of cells than the header is
 * one problem.
 * @throws LookalikeError FEED_INVALID when the table breaks off
 */
export async function* tableRows(
  text: AsyncIterable<string>,
  { delimiter, columns, headerLine }: TableLayout,
  url: string,
): AsyncGenerator<{ fields: Fields; place: string } | Extract<FeedPart, { problem: unknown }>> {
  const end = { character: '' };
  const parser = parse({
    delimiter,
    from_line: headerLine + 1,
    relax_quotes: true,
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: MOST_CHARACTERS_PER_ROW,
    info: true,
  });
  // The callback is empty on purpose: a consumer that stops early ends both streams, and the loop throws any error.
  // (`compose` would throw an unhandled AbortError when its consumer stops early.)
  pipeline(Readable.from(noting(text, end)), parser, () => {});
  // The annotation replaces the `any` of the stream's own types.
  const rows: AsyncIterable<{ record: string[]; info: { lines: number } }> = parser;
  let short: number | null = null;
  try {
    for await (const { record, info } of rows) {
      const place = `line ${info.lines}`;
      short = record.length < columns.length ? info.lines : null;
      if (record.length === columns.length) yield { fields: named(columns, record), place };
      else {
        const params = { columns: record.length, header: columns.length };
        yield { problem: invalidItem(place, { reason: 'columns', ...params }) };
      }
    }
  } catch (cause) {
    if (!(cause instanceof Error && 'code' in cause && String(cause.code).startsWith('CSV_'))) throw cause;
    const unclosed = ['CSV_QUOTE_NOT_CLOSED', 'CSV_MAX_RECORD_SIZE'].includes(String(cause.code));
    const { message: said } = cause;
    throw invalidFeed(
      url,
      unclosed ? { reason: 'quote-unclosed' } : { reason: 'table-damaged', said },
      cause,
    );
  }
  if (short !== null && !/[\r\n]/.test(end.character)) {
    throw invalidFeed(url, { reason: 'line-cut', line: short });
  }
}

/** Passes text on, and notes its last character. */
async function* noting(text: AsyncIterable<string>, end: { character: string }): AsyncGenerator<string> {
  for await (const chunk of text) {
    end.character = chunk.at(-1) ?? end.character;
    yield chunk;
  }
}

function named(columns: readonly string[], cells: readonly string[]): Fields {
  const cellsByName = columns.map((column, index) => [column, cells[index]?.trim() ?? '']);
  return Object.fromEntries(cellsByName.filter(([column, cell]) => column !== '' && cell !== ''));
}
