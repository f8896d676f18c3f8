import { createHash, randomBytes } from 'node:crypto';
import type { ComparisonFilters } from '../../contract/compare.ts';
import {
  type Acceptance,
  type AcceptedAs,
  type AcceptedBand,
  type BandTrust,
  type ComparisonTrust,
  ENOUGH_CHECKED,
  type MeasuredShare,
  SAMPLE_SIZE,
} from '../../contract/compare-trust.ts';
import { LookalikeError } from '../../contract/errors.ts';
import { type Band, band } from '../../contract/search.ts';
import { wilson } from '../search/statistics.ts';
import type { Document } from './document.ts';
import { changeOf } from './review.ts';
import type { Row } from './row.ts';
import type { State } from './state.ts';

/** What a person has said of a first candidate by deciding its row alone; null for nothing. */
type Verdict = AcceptedAs | 'wrong' | 'unsure' | null;

/** See `compare-trust.ts` of the contract. */
export function trustOf(state: State): ComparisonTrust {
  const byBand = new Map<Band, Row[]>();
  for (const row of state.rows.values()) {
    // Also where it was rejected: then it was wrong.
    const found = row.answer?.candidates[0]?.[3];
    const known = found && byBand.get(found);
    if (known) known.push(row);
    else if (found) byBand.set(found, [row]);
  }
  const bands = band.options.flatMap((each) => {
    const rows = byBand.get(each);
    return rows ? [trustOfBand(each, rows, state)] : [];
  });
  return { bands, acceptances: acceptancesOf(state) };
}

/**
 * Decides the undecided rows of a band by their first candidates, and draws a sample of them. Both are one entry, so that no
 * kill can come between them.
 * @throws LookalikeError COMPARISON_BAND_UNCHECKED, COMPARISON_BUSY, COMPARISON_UNKNOWN, STORAGE_*
 */
export async function acceptBand(
  document: Document,
  asked: { band: Band; as: AcceptedAs },
): Promise<AcceptedBand> {
  const changed = await document.write((state) => {
    const trust = trustOf(state).bands.find((each) => each.band === asked.band);
    if (!trust || trust.undecided === 0) return [];
    const checked = trust.right.same.of;
    if (checked < ENOUGH_CHECKED) {
      const params = { checked, enough: ENOUGH_CHECKED };
      throw new LookalikeError({ code: 'COMPARISON_BAND_UNCHECKED', params }, { item: asked.band });
    }
    const decisions = [...state.rows.values()]
      .filter((row) => isOpen(row, asked.band, state))
      .map((row) => {
        const [uid, picture] = row.answer?.candidates[0] ?? [null, null];
        return { row: row.row, choice: { match: asked.as, product: uid, picture } };
      });
    const seed = randomBytes(8).toString('hex');
    const sample = drawn(
      decisions.map(({ row }) => row),
      SAMPLE_SIZE,
      seed,
    );
    return [{ kind: 'step', at: new Date().toISOString(), accepted: { ...asked, seed, sample }, decisions }];
  });
  const acceptance = changed.length > 0 ? acceptancesOf(document.state).at(-1) : undefined;
  return { change: changeOf(document, changed), acceptance: acceptance ?? null };
}

/** The rows that the filters on numbers, on samples and on what is to be checked leave; null for all. */
export function rowsAmong(
  state: State,
  { sample, toCheck, rows }: ComparisonFilters,
): ReadonlySet<number> | null {
  const lists: (readonly number[])[] = rows ? [rows] : [];
  if (sample !== undefined) lists.push(state.accepted[sample - 1]?.accepted.sample ?? []);
  if (toCheck !== undefined)
    lists.push(trustOf(state).bands.find(({ band }) => band === toCheck)?.toCheck ?? []);
  const [first, ...others] = lists;
  if (!first) return null;
  const sets = others.map((list) => new Set(list));
  return new Set(first.filter((row) => sets.every((set) => set.has(row))));
}

function trustOfBand(of: Band, rows: readonly Row[], state: State): BandTrust {
  const counts = { same: 0, equivalent: 0, wrong: 0, unsure: 0 };
  for (const row of rows) {
    const verdict = verdictOf(row, state);
    if (verdict) counts[verdict]++;
  }
  const checked = counts.same + counts.equivalent + counts.wrong;
  const open = rows.filter((row) => isOpen(row, of, state)).map(({ row }) => row);
  return {
    band: of,
    rows: rows.length,
    undecided: open.length,
    unsure: counts.unsure,
    right: {
      same: shareOf(counts.same, checked),
      equivalent: shareOf(counts.same + counts.equivalent, checked),
    },
    // Always the same order, so that a person who goes on checks the same rows.
    toCheck: drawn(open, Math.max(0, ENOUGH_CHECKED - checked), of),
  };
}

function acceptancesOf(state: State): Acceptance[] {
  return state.accepted.map(({ at, accepted, rows }, i) => {
    const { band, as, sample } = accepted;
    const isUnchecked = (row: number) => {
      const decision = state.rows.get(row)?.decision;
      return decision?.inBulk === true && decision.at === at;
    };
    const verdicts = sample.map((number) => {
      const row = state.rows.get(number);
      return row ? verdictOf(row, state) : null;
    });
    const right = verdicts.filter((verdict) => verdict === 'same' || verdict === as).length;
    const unsure = verdicts.filter((verdict) => verdict === 'unsure').length;
    const toCheck = sample.filter((_, place) => verdicts[place] === null);
    const checked = sample.length - toCheck.length - unsure;
    return {
      number: i + 1,
      ...{ band, as, at },
      rows: rows.length,
      unchecked: rows.filter(isUnchecked).length,
      ...{ sample, toCheck, unsure },
      wrong: shareOf(checked - right, checked),
    };
  });
}

function verdictOf(row: Row, { products }: State): Verdict {
  const { answer, decision, rejected } = row;
  const first = answer?.candidates[0]?.[0];
  if (first === undefined || decision?.inBulk) return null;
  if (!decision) return rejected.some(([uid]) => uid === first) ? 'wrong' : null;
  if (decision.match === 'unsure') return 'unsure';
  if (decision.match !== 'same' && decision.match !== 'equivalent') return 'wrong';
  const styleOf = (uid: string | null) => products.get(uid ?? '')?.styleId ?? uid;
  return styleOf(decision.product) === styleOf(first) ? decision.match : 'wrong';
}

/** Whether a band's acceptance decides the row: of one with a rejected candidate, a person has begun to look. */
function isOpen(row: Row, of: Band, state: State): boolean {
  const [first] = row.answer?.candidates ?? [];
  return (
    first?.[3] === of &&
    row.decision === null &&
    row.rejected.length === 0 &&
    !state.isRejectedEverywhere(row, first[0])
  );
}

/** So many rows by chance: the same for the same seed, and of fewer rows a part of the same order. */
function drawn(rows: readonly number[], most: number, seed: string): number[] {
  if (most <= 0) return [];
  const keyed = rows.map((row) => ({
    row,
    key: createHash('sha256').update(`${seed} ${row}`).digest('hex'),
  }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : 1));
  return keyed.slice(0, most).map(({ row }) => row);
}

/** A share of rows, with its interval. */
export const shareOf = (count: number, of: number): MeasuredShare => ({ count, of, ...wilson(count, of) });
