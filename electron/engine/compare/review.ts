import {
  type ComparisonChange,
  type MatchType,
  MOST_CANDIDATES,
  MOST_ROWS_AT_ONCE,
} from '../../contract/compare.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { CropBox } from '../../contract/search.ts';
import type { Answering } from '../models/answering.ts';
import { answerOf, newProducts, productOf } from './answers.ts';
import type { Document } from './document.ts';
import { gone } from './document-journal.ts';
import type { Choice, Entry, EntryOf, KeptProduct } from './entries.ts';
import { unpackFeatures } from './features.ts';
import type { RejectedPairs } from './rejected-pairs.ts';
import type { Rejected, Row } from './row.ts';
import { nameOfRow, shownRow } from './rows.ts';
import { snapshotOf } from './snapshot-of.ts';
import type { State } from './state.ts';

/** What a person does with the rows of a document. Each is one step of undo, and is on disk when the call returns. */

/**
 * Decides rows. Of several, those that were not compared or have no product to decide on are left as they are; what is
 * decided so already is no step, unless it was decided in bulk and is decided alone now.
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
  const known = (number: number) => {
    const answer = document.state.rows.get(number)?.answer;
    return (
      !answer ||
      answer.candidates.some(([uid]) => uid === product) ||
      document.state.rows.get(number)?.decision?.product === product
    );
  };
  const other =
    product !== undefined && match !== null && match !== 'none' && !rows.every(known)
      ? await otherProduct(product, answering)
      : null;
  await document.write((state) => {
    const decisions = rows.flatMap((number) => {
      const row = state.rows.get(number);
      const choice = row?.answer ? match && choiceOf(row, match, product, other, state) : undefined;
      if (choice === undefined && rows.length === 1 && row?.answer)
        throw new LookalikeError('PRODUCT_UNKNOWN', { item: product ?? `row ${number}` });
      return row && choice !== undefined && isNew(row, choice, rows.length > 1)
        ? [{ row: number, choice }]
        : [];
    });
    if (decisions.length === 0) return [];
    const added: Entry[] =
      other && !state.products.has(other.product.uid) ? [{ kind: 'product', product: other.product }] : [];
    const inBulk = rows.length > 1 && { inBulk: true as const };
    return [...added, { kind: 'step', at: new Date().toISOString(), ...inBulk, decisions }];
  });
  const { state } = document;
  return changeOf(document, rows.length === 1 ? rows : rows.filter((row) => state.rows.get(row)?.answer));
}

/** Whether a choice is another one than the row's, or confirms alone what was decided in bulk or with an older catalog. */
function isNew({ decision, changed }: Row, choice: Choice | null, inBulk: boolean): boolean {
  if (!decision || !choice) return decision !== choice;
  const isSame = decision.match === choice.match && decision.product === choice.product;
  return !isSame || changed !== null || (decision.inBulk && !inBulk);
}

/**
 * Rejects candidates of a row, or offers rejected ones again. Products that are neither are left out.
 * @param asked.everywhere rejects them in all comparisons; what is offered again is offered in all of them
 */
export async function reject(
  document: Document,
  asked: { row: number; products: readonly string[]; rejected: boolean; everywhere: boolean },
  pairs: RejectedPairs,
): Promise<ComparisonChange> {
  const rows = await document.write((state) => {
    const row = state.rows.get(asked.row);
    const step = row?.answer ? rejectionOf(row, asked, state) : null;
    return step ? [step] : [];
  });
  const step = rows.length > 0 ? document.state.nextStep('undo') : undefined;
  if (step) await rejectEverywhere(document, step, 'redo', pairs);
  return changeOf(document, [asked.row]);
}

function rejectionOf(
  row: Row,
  { products, rejected, everywhere }: { products: readonly string[]; rejected: boolean; everywhere: boolean },
  state: State,
): EntryOf<'step'> | null {
  const isHere = ([uid]: Rejected) => row.rejected.some(([each]) => each === uid);
  const isElsewhere = ([uid]: Rejected) => state.isRejectedEverywhere(row, uid);
  const known = [...row.rejected, ...(row.answer?.candidates ?? [])];
  const meant = new Map(known.map(([uid, picture]): [string, [string, string]] => [uid, [uid, picture]]));
  const named = [...meant.values()].filter(([uid]) => products.includes(uid));
  // What is offered again is offered everywhere; what is rejected is rejected here or everywhere.
  const offered = named.filter((each) => !isElsewhere(each));
  const outside = !rejected ? named.filter(isElsewhere) : everywhere ? offered : [];
  const added = rejected && !everywhere ? offered.filter((each) => !isHere(each)) : [];
  const taken = rejected ? [] : named.filter(isHere);
  const local = [...added, ...taken];
  if (local.length + outside.length === 0) return null;
  const kept = row.rejected
    .filter(([uid]) => !taken.some(([each]) => each === uid))
    .map(([uid, picture]): [string, string] => [uid, picture]);
  const now = [...kept, ...added];
  return {
    kind: 'step',
    at: new Date().toISOString(),
    ...(local.length > 0 && { rejections: [{ row: row.row, rejected: now }] }),
    ...(outside.length > 0 && { everywhere: { row: row.row, products: outside, rejected } }),
  };
}

/** Undoes the last step, or does it again. */
export async function stepBack(
  document: Document,
  kind: 'undo' | 'redo',
  pairs: RejectedPairs,
): Promise<ComparisonChange> {
  let step: EntryOf<'step'> | undefined;
  const rows = await document.write((state) => {
    step = state.nextStep(kind);
    return step ? [{ kind }] : [];
  });
  if (step) await rejectEverywhere(document, step, kind, pairs);
  return changeOf(document, rows);
}

/** What a step does outside of its document, or takes back there. */
async function rejectEverywhere(
  { id, state }: Document,
  { at, everywhere }: EntryOf<'step'>,
  kind: 'undo' | 'redo',
  pairs: RejectedPairs,
): Promise<void> {
  const row = everywhere && state.rows.get(everywhere.row);
  const picture = row?.picture?.hash;
  if (!everywhere || !row || picture === undefined) return;
  const uids = everywhere.products.map(([uid]) => uid);
  if (everywhere.rejected !== (kind === 'redo')) return pairs.forget(picture, uids);
  const of = { picture, name: nameOfRow(row, state), comparison: id, row: row.row, at };
  const rejected = everywhere.products.flatMap(([uid, thumbnail]) => {
    const product = state.products.get(uid);
    return product ? [{ ...of, product: { ...product, thumbnail } }] : [];
  });
  await pairs.add(picture, rejected);
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
  const changed = [...new Set(rows)].filter((row) => state.rows.has(row));
  return { rows: shownRows(state, changed.slice(0, MOST_ROWS_AT_ONCE)), changed, counts, canUndo, canRedo };
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

/**
 * @param product a candidate's uid; default: the first candidate, where the match needs a product
 * @returns undefined where there is no such product
 */
function choiceOf(
  row: Row,
  match: MatchType,
  product: string | undefined,
  other: OtherProduct | null,
  state: State,
): Choice | undefined {
  if (match === 'none' || (match === 'unsure' && product === undefined))
    return { match, product: null, picture: null };
  const candidates = product === undefined ? state.offered(row) : (row.answer?.candidates ?? []);
  const found = product === undefined ? candidates[0] : candidates.find(([uid]) => uid === product);
  if (found) return { match, product: found[0], picture: found[1] };
  // The catalog may not have it any more.
  if (product !== undefined && row.decision?.product === product) {
    const { picture } = row.decision;
    return { match, product, picture };
  }
  return other ? { match, product: other.product.uid, picture: other.picture } : undefined;
}
