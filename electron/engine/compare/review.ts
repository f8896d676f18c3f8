import { type ComparisonChange, type MatchType, MOST_CANDIDATES } from '../../contract/compare.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { CropBox } from '../../contract/search.ts';
import type { Answering } from '../models/answering.ts';
import { answerOf, newProducts, productOf } from './answers.ts';
import { type Document, gone } from './document.ts';
import type { Choice, Entry, KeptProduct } from './entries.ts';
import { unpackFeatures } from './features.ts';
import { shownRow } from './rows.ts';
import { snapshotOf } from './snapshot-of.ts';
import { offered, type Rejected, type Row, type State } from './state.ts';

/** What a person does with the rows of a document. Each is one step of undo, and is on disk when the call returns. */

/**
 * Decides rows; those that were not compared are left as they are.
 * @param match null takes decisions back
 * @param product see `decide` of the contract
 * @throws LookalikeError PRODUCT_UNKNOWN, COMPARISON_BUSY, STORAGE_*
 */
export async function decide(
  document: Document,
  {
    rows,
    match,
    product,
  }: { rows: readonly number[]; match: MatchType | null; product?: string | undefined },
  answering: Answering,
): Promise<ComparisonChange> {
  const isCandidate = (number: number) =>
    document.state.rows.get(number)?.answer?.candidates.some(([uid]) => uid === product) ?? false;
  const other =
    product !== undefined && match !== null && match !== 'none' && !rows.every(isCandidate)
      ? await otherProduct(product, answering)
      : null;
  await document.write((state) => {
    const decisions = rows.flatMap((number) => {
      const row = state.rows.get(number);
      return row?.answer ? [{ row: number, choice: match && choiceOf(row, match, product, other) }] : [];
    });
    if (decisions.length === 0) return [];
    const known: Entry[] =
      other && !state.products.has(other.product.uid) ? [{ kind: 'product', product: other.product }] : [];
    return [...known, { kind: 'step', at: new Date().toISOString(), decisions }];
  });
  return changeOf(document, rows);
}

/** Rejects candidates of a row, or offers rejected ones again. Products that are neither are left out. */
export async function reject(
  document: Document,
  { row: number, products, rejected }: { row: number; products: readonly string[]; rejected: boolean },
): Promise<ComparisonChange> {
  await document.write((state) => {
    const row = state.rows.get(number);
    const isMeant = ([uid]: Rejected) => products.includes(uid);
    const candidates = (row ? offered(row) : []).map(([uid, picture]): Rejected => [uid, picture]);
    const kept = (row?.rejected ?? []).filter((each) => rejected || !isMeant(each));
    const now = [...kept, ...(rejected ? candidates.filter(isMeant) : [])];
    if (!row?.answer || now.length === row.rejected.length) return [];
    const at = new Date().toISOString();
    return [
      {
        kind: 'step',
        at,
        rejections: [{ row: number, rejected: now.map(([uid, picture]) => [uid, picture]) }],
      },
    ];
  });
  return changeOf(document, [number]);
}

/** Undoes the last step, or does it again. */
export async function stepBack(document: Document, kind: 'undo' | 'redo'): Promise<ComparisonChange> {
  const rows = await document.write((state) => {
    const isThere = kind === 'undo' ? state.canUndo : state.canRedo;
    return isThere ? [{ kind }] : [];
  });
  return changeOf(document, rows);
}

/**
 * Compares a part of a row's picture. Call it inside `gate.interactive`.
 * @throws LookalikeError COMPARISON_*, CATALOG_*, IMAGE_*, CROP_INVALID, MODEL_*, STORAGE_*
 */
export async function crop(
  document: Document,
  number: number,
  part: CropBox | 'auto' | null,
  answering: Answering,
): Promise<ComparisonChange> {
  const row = document.state.rows.get(number);
  const picture = row?.picture;
  if (!row?.answer || !picture) throw gone(`${document.id} ${number}`);
  using snapshot = await snapshotOf(document, answering);
  const { dim } = answering.embedder.info;
  const [large, packed] = [await document.picture(picture.large), await document.picture(picture.features)];
  const whole = packed && unpackFeatures(packed, dim);
  const ranked = await answering.using(async (search) => {
    if (part === null && whole) return search.rank(whole, snapshot, MOST_CANDIDATES);
    if (!large) throw new LookalikeError({ code: 'IMAGE_UNREADABLE', params: { reason: 'not-opened' } });
    return search.rankPart(large, part, snapshot, MOST_CANDIDATES);
  });
  await document.write((state) => [
    ...newProducts(ranked, state),
    {
      kind: 'step',
      at: new Date().toISOString(),
      answers: [{ row: number, answer: answerOf(ranked) }],
    },
  ]);
  return changeOf(document, [number]);
}

/** The rows of a change as they are now, and what a screen shows beside them. */
export function changeOf({ state }: Document, rows: readonly number[]): ComparisonChange {
  const { counts, canUndo, canRedo } = state;
  return { rows: shownRows(state, rows), counts, canUndo, canRedo };
}

/** Rows by number; those that the document does not have are left out. */
export function shownRows(state: State, rows: readonly number[]): ComparisonChange['rows'] {
  return rows.flatMap((number) => {
    const row = state.rows.get(number);
    return row ? [shownRow(row, state)] : [];
  });
}

interface OtherProduct {
  product: KeptProduct;
  picture: string;
}

/** A product that is no candidate, as the live catalog has it. */
async function otherProduct(product: string, { catalog }: Answering): Promise<OtherProduct> {
  using snapshot = await catalog.searchable();
  if (!snapshot) throw new LookalikeError('CATALOG_EMPTY');
  const [found] = await snapshot.neighbours([product], null);
  if (!found) throw new LookalikeError('PRODUCT_UNKNOWN', { item: product });
  return { product: productOf(found), picture: found.imageHash };
}

/** @param product a candidate's uid; default: the first candidate, where the match needs a product */
function choiceOf(
  row: Row,
  match: MatchType,
  product: string | undefined,
  other: OtherProduct | null,
): Choice {
  if (match === 'none' || (match === 'unsure' && product === undefined))
    return { match, product: null, picture: null };
  const candidates = product === undefined ? offered(row) : (row.answer?.candidates ?? []);
  const found = product === undefined ? candidates[0] : candidates.find(([uid]) => uid === product);
  if (found) return { match, product: found[0], picture: found[1] };
  if (!other) throw new LookalikeError('PRODUCT_UNKNOWN', { item: product ?? `row ${row.row}` });
  return { match, product: other.product.uid, picture: other.picture };
}
