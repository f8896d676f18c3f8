import { type Exported, rowsOf } from './exported.ts';
import { type Cells, COLUMNS, cellsOf, FORMULA } from './table.ts';

/** Excel takes a table for the system's old character set unless it begins with this. */
const BOM = '\ufeff';

/** The rows as a table, a line for each source of a row. */
export async function* csvOf(exported: Exported): AsyncGenerator<string> {
  yield `${BOM}${COLUMNS.join(',')}\r\n`;
  for (const row of rowsOf(exported)) for (const source of row.sources) yield lineOf(cellsOf(row, source));
}

const lineOf = (cells: Cells): string => `${COLUMNS.map((column) => cellOf(cells[column])).join(',')}\r\n`;

function cellOf(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const harmless = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
