import type { ComparisonRow, RowSource } from '../../../contract/compare.ts';
import { sharedSentence } from '../../../sentences/speaker.ts';
import { pricePosition } from './exported.ts';

/** The first three are what the trade hands on: our SKU, the competitor's address, and the type of the match. */
export const COLUMNS = [
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
  'price_difference',
  'price_difference_percent',
  'decided_in_bulk',
  'changed',
] as const;

export type Column = (typeof COLUMNS)[number];
export type Cells = Record<Column, string | number | null>;

/** Spreadsheets run a cell that begins so as a formula (OWASP, "CSV Injection"), full-width signs included. */
export const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/;

/**
 * A line of the table: a row with one of its sources, since two of a competitor's products can have the same picture. The
 * product is the decided one. Where nothing is decided, the first candidate is a suggestion, in columns of its own.
 */
export function cellsOf(row: ComparisonRow, { facts, kind, name }: RowSource): Cells {
  const { decision, candidates, fault } = row;
  const product = decision?.product ?? null;
  const chosen = candidates.find(({ uid }) => uid === product?.uid);
  const [first] = candidates;
  const suggested = decision ? null : first;
  const position = pricePosition(row, product, facts);
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
    decided_in_bulk: decision?.merged ? 'merged' : decision?.inBulk ? 'yes' : null,
    changed: row.changed ?? null,
    price_difference: position?.difference ?? null,
    price_difference_percent: position?.percent ?? null,
  };
}
