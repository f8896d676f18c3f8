import type { ComparisonPiles, GapPile, PilingProgress } from '../../../contract/compare-tells.ts';
import { inSlices } from '../../snapshot/slices.ts';
import type { PriorityGate } from '../../work/priority-gate.ts';
import { ProgressMeter } from '../../work/progress-meter.ts';
import type { Document } from '../document.ts';
import type { Row } from '../row.ts';
import type { PileName, State } from '../state.ts';
import { averageLinkage, dot } from './average-linkage.ts';
import { lessCommon } from './less-common.ts';
import { featuresOfRows } from './row-features.ts';

/**
 * How alike the pictures of a pile are on average: cosine similarity without what all pictures of the comparison have in
 * common. Measured on labelled sets (bench/README.md, "Piles").
 */
export const LEAST_ALIKE = 0.35;
/** So many pictures are piled among each other, which takes 50 MB; further ones join the pile that they are most like. */
const MOST_PILED = 5000;

interface Piled {
  /** Which rows, with which features. */
  key: string;
  /** The numbers of the rows of each pile, the most central first. */
  piles: number[][];
  seconds: number;
}

const known = new WeakMap<Document, Piled>();

/** Piling that goes on. Who asks for the same piles meanwhile waits for it, too. */
interface Piling {
  key: string;
  piled: Promise<Piled>;
  meter: ProgressMeter;
  stop: AbortController;
}

const underway = new WeakMap<Document, Piling>();

/** Null while none of the document's pictures are piled. */
export function pilingOf(document: Document): PilingProgress | null {
  return underway.get(document)?.meter.now ?? null;
}

/**
 * The gaps in our range, in piles. Piling gives way to queries.
 * @param signal stops the piling, whoever else waits for it
 */
export async function gapsOf(
  document: Document,
  gate: PriorityGate,
  signal?: AbortSignal,
): Promise<ComparisonPiles> {
  const { state } = document;
  const rows = [...state.rows.values()].filter((row) => row.picture && mayBeGap(row, state));
  const key = JSON.stringify(rows.map(({ row, picture }) => [row, picture?.features[0]]));
  const before = known.get(document);
  const piled = before?.key === key ? before : await pileOnce(document, rows, key, gate, signal);
  known.set(document, piled);
  const names = namesOf(piled.piles, state.pileNames);
  const piles = piled.piles.map((numbers, place): GapPile => {
    const inIt = numbers.flatMap((number) => state.rows.get(number) ?? []);
    return {
      missing: inIt.filter(({ decision }) => decision?.match === 'none').map(({ row }) => row),
      undecided: inIt.filter((row) => !row.decision && state.isWeak(row)).map(({ row }) => row),
      name: names.get(place) ?? null,
    };
  });
  const shown = piles.filter(({ missing, undecided }) => missing.length + undecided.length > 0);
  shown.sort((a, b) => b.missing.length - a.missing.length || b.undecided.length - a.undecided.length);
  return { piles: shown, seconds: piled.seconds };
}

/** Gaps, and what would be one if it were decided so: a decision seldom changes what is piled. */
const mayBeGap = (row: Row, state: State): boolean =>
  row.answer !== null && (row.decision?.match === 'none' || state.isWeak(row));

function pileOnce(
  document: Document,
  rows: readonly Row[],
  key: string,
  gate: PriorityGate,
  signal: AbortSignal | undefined,
): Promise<Piled> {
  const before = underway.get(document);
  const piling = before?.key === key ? before : begin();
  const stop = () => piling.stop.abort(signal?.reason);
  if (signal?.aborted) stop();
  signal?.addEventListener('abort', stop, { once: true });
  return piling.piled.finally(() => {
    signal?.removeEventListener('abort', stop);
    if (underway.get(document) === piling) underway.delete(document);
  });

  function begin(): Piling {
    const [meter, stop] = [new ProgressMeter(), new AbortController()];
    meter.start('reading', rows.length);
    const pause = () => {
      stop.signal.throwIfAborted();
      return gate.giveWay();
    };
    const begun = { key, meter, stop, piled: pile(document, rows, key, pause, meter) };
    underway.set(document, begun);
    return begun;
  }
}

async function pile(
  document: Document,
  rows: readonly Row[],
  key: string,
  pause: () => Promise<void>,
  meter: ProgressMeter,
): Promise<Piled> {
  const began = performance.now();
  await pause();
  const vectors = await vectorsWithoutCommon(document, rows, pause);
  const numbers = [...vectors.keys()];
  const all = [...vectors.values()];
  const piles: number[][] = [];
  const linkage = function* () {
    const groups = yield* noted(averageLinkage(all.slice(0, MOST_PILED), LEAST_ALIKE), all.length, meter);
    yield* join(groups, all);
    for (const group of groups) {
      yield;
      piles.push(mostCentralFirst(group, all).map((place) => numbers[place] ?? 0));
    }
  };
  await inSlices(linkage(), pause);
  return { key, piles, seconds: Math.round(performance.now() - began) / 1000 };
}

/** Passes steps on that yield the share done of them, and notes it, in pictures. */
function* noted<T>(steps: Generator<number, T>, pictures: number, meter: ProgressMeter): Generator<void, T> {
  for (let [step, noted] = [steps.next(), 0]; ; step = steps.next()) {
    if (step.done) return step.value;
    const done = Math.floor(step.value * pictures);
    meter.advance(done - noted);
    noted = done;
    yield;
  }
}

/** The vectors of rows, less the mean of all pictures of the comparison: of one shop, all have much in common. */
async function vectorsWithoutCommon(
  document: Document,
  rows: readonly Row[],
  pause: () => Promise<void>,
): Promise<Map<number, Float32Array>> {
  const wanted = new Set(rows.map(({ row }) => row));
  const vectors = new Map<number, Float32Array>();
  let [sum, count] = [new Float32Array(), 0];
  for await (const { row, features } of featuresOfRows(document, pause)) {
    const { vector } = features.whole;
    if (sum.length === 0) sum = new Float32Array(vector.length);
    for (let n = 0; n < vector.length; n++) sum[n] = (sum[n] ?? 0) + (vector[n] ?? 0);
    count++;
    if (wanted.has(row.row)) vectors.set(row.row, vector);
  }
  for (const vector of vectors.values()) lessCommon(vector, sum, count);
  return vectors;
}

/** Adds what was not grouped to the group that it is most like on average, or makes a group of it. */
function* join(groups: number[][], vectors: readonly Float32Array[]): Generator<void> {
  const means = groups.map((group) => meanOf(group, vectors));
  for (let place = MOST_PILED; place < vectors.length; place++) {
    yield;
    const vector = vectors[place] ?? new Float32Array();
    const alike = means.map((mean) => dot(mean, vector));
    const most = alike.reduce((best, value, n) => (value > (alike[best] ?? -1) ? n : best), 0);
    const group = (alike[most] ?? -1) >= LEAST_ALIKE ? groups[most] : undefined;
    if (group) group.push(place);
    else {
      groups.push([place]);
      means.push(vector);
    }
  }
}

function mostCentralFirst(group: readonly number[], vectors: readonly Float32Array[]): number[] {
  const mean = meanOf(group, vectors);
  const likeness = new Map(group.map((place) => [place, dot(mean, vectors[place] ?? mean)]));
  return [...group].sort((a, b) => (likeness.get(b) ?? 0) - (likeness.get(a) ?? 0));
}

function meanOf(group: readonly number[], vectors: readonly Float32Array[]): Float32Array {
  const mean = new Float32Array(vectors[0]?.length ?? 0);
  for (const place of group) {
    const vector = vectors[place] ?? mean;
    for (let n = 0; n < mean.length; n++) mean[n] = (mean[n] ?? 0) + (vector[n] ?? 0) / group.length;
  }
  return mean;
}

/** The names of piles by their place. A name belongs to the pile with the most of the rows that it was given for. */
function namesOf(piles: readonly number[][], names: readonly PileName[]): Map<number, string> {
  const pileOf = new Map(piles.flatMap((rows, place) => rows.map((row) => [row, place] as const)));
  const found = new Map<number, string>();
  for (const { rows, name } of names) {
    const votes = new Map<number, number>();
    for (const row of rows) {
      const place = pileOf.get(row);
      if (place !== undefined) votes.set(place, (votes.get(place) ?? 0) + 1);
    }
    const [most] = [...votes].sort(([, a], [, b]) => b - a);
    if (!most) continue;
    const other = found.get(most[0]);
    found.set(most[0], other === undefined ? name : `${other} + ${name}`);
  }
  return found;
}
