import type { ComparisonRow, RowSource } from '../../../contract/compare.ts';
import { sharedSentence } from '../../../sentences/speaker.ts';
import { type Exported, rowsOf } from './exported.ts';

/** The first three are what the trade hands on: our SKU, the competitor's address, and the type of the match. */
const COLUMNS = [
  'sku',
  'url',
  'match_type',
  'row',
  'file',
  'status',
  'reason',
  'product_id',
  'title',
  'brand',
  'category',
  'color',
  'price',
  'currency',
  'product_url',
  'score',
  'band',
  'decided_at',
  'competitor',
  'competitor_sku',
  'competitor_title',
  'competitor_price',
  'competitor_currency',
  'suggested_sku',
  'suggested_score',
  'suggested_band',
] as const;

type Cells = Partial<Record<(typeof COLUMNS)[number], string | number | null>>;

/** Excel takes a table for the system's old character set unless it begins with this. */
const BOM = '\ufeff';
/** Spreadsheets run a cell that begins so as a formula (OWASP, "CSV Injection"), full-width signs included. */
const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/**
 * The rows as a table, a line for each source of a row: two of a competitor's products can have the same picture. The product
 * is the decided one. Where nothing is decided, the first candidate is a suggestion, in columns of its own.
 */
export async function* csvOf(exported: Exported): AsyncGenerator<string> {
  yield `${BOM}${COLUMNS.join(',')}\r\n`;
  for (const row of rowsOf(exported)) for (const source of row.sources) yield lineOf(cellsOf(row, source));
}

function cellsOf(row: ComparisonRow, source: RowSource): Cells {
  const { decision, candidates, fault } = row;
  const { facts, kind, name } = source;
  const product = decision?.product ?? null;
  const chosen = candidates.find(({ uid }) => uid === product?.uid);
  const [first] = candidates;
  const suggested = decision ? null : first;
  return {
    sku: product?.sku ?? null,
    url: facts?.url ?? (kind === 'address' ? name : null),
    match_type: decision?.match ?? null,
    row: row.row,
    file: name,
    status: row.status,
    reason: fault && (sharedSentence(fault) ?? fault.code),
    product_id: product?.productId ?? null,
    title: product?.title ?? null,
    brand: product?.brand ?? null,
    category: product?.category ?? null,
    color: product?.color ?? null,
    price: product?.price ?? null,
    currency: product?.currency ?? null,
    product_url: product?.url ?? null,
    score: chosen?.score ?? null,
    band: chosen?.band ?? null,
    decided_at: decision?.at ?? null,
    competitor: facts?.competitor ?? null,
    competitor_sku: facts?.sku ?? null,
    competitor_title: facts?.title ?? null,
    competitor_price: facts?.price ?? null,
    competitor_currency: facts?.currency ?? null,
    suggested_sku: suggested?.sku ?? null,
    suggested_score: suggested?.score ?? null,
    suggested_band: suggested?.band ?? null,
  };
}

const lineOf = (cells: Cells): string =>
  `${COLUMNS.map((column) => cellOf(cells[column] ?? null)).join(',')}\r\n`;

function cellOf(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const harmless = FORMULA.test(value) ? `'${value}` : value;
  return /[",\r\n']/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}
