/**
 * Groups unit vectors by average linkage: two groups are as alike as their members are on average (cosine similarity), the
 * most alike are merged first, and merging ends at `least`. By nearest-neighbour chains (Murtagh 1983), which give the same
 * groups as merging pair by pair in the order of their likeness: n² numbers of memory (2 n² bytes) and n² steps. The same vectors
 * in the same order give the same groups. It yields about every millisecond, so that other work can run in between, the share of
 * the work that is done, 0 to 1.
 * @param vectors of equal length
 * @param least the least average similarity within which groups are merged, -1 to 1
 * @returns the places of the vectors, a list for each group; groups and members in the order of the vectors
 */
export function* averageLinkage(
  vectors: readonly Float32Array[],
  least: number,
): Generator<number, number[][]> {
  const similarities = yield* similaritiesOf(vectors);
  const groups = new Map(vectors.map((_, n) => [n, [n]]));
  const sizes = new Float64Array(vectors.length).fill(1);
  const done: number[][] = [];
  const chain: number[] = [];
  while (groups.size > 0) {
    yield SIMILARITIES + (1 - SIMILARITIES) * (1 - groups.size / vectors.length);
    const [first] = groups.keys();
    const tip = chain.at(-1) ?? first ?? 0;
    if (chain.length === 0) chain.push(tip);
    const before = chain.at(-2);
    const { nearest, similarity } = nearestTo(tip, before, groups, similarities);
    if (nearest === null || similarity < least) {
      // Nothing is near enough to it, and average linkage never makes groups more alike by merging others.
      done.push(groups.get(tip) ?? []);
      groups.delete(tip);
      chain.pop();
    } else if (nearest === before) {
      chain.splice(-2);
      merge(Math.min(tip, nearest), Math.max(tip, nearest), groups, sizes, similarities);
    } else chain.push(nearest);
  }
  for (const group of done) group.sort((a, b) => a - b);
  return done.sort(([a = 0], [b = 0]) => a - b);
}

/** Similarities of all pairs; a pair's place is `placeOf`. A block of vectors stays in the processor's cache meanwhile. */
function* similaritiesOf(vectors: readonly Float32Array[]): Generator<number, Float32Array> {
  const count = vectors.length;
  const similarities = new Float32Array((count * (count - 1)) / 2);
  let known = 0;
  for (let block = 0; block < count; block += BLOCK)
    for (let n = block + 1; n < count; n++) {
      const vector = vectors[n] ?? NONE;
      const end = Math.min(n, block + BLOCK);
      for (let other = block; other < end; other++)
        similarities[placeOf(n, other)] = dot(vector, vectors[other] ?? NONE);
      known += end - block;
      if (n % ROWS_A_STEP === 0) yield (SIMILARITIES * known) / similarities.length;
    }
  return similarities;
}

const NONE = new Float32Array();
const BLOCK = 64;
/** The share of the time that the similarities take, of 5,000 vectors of 512 numbers. */
const SIMILARITIES = 0.9;
const ROWS_A_STEP = 16;

const placeOf = (a: number, b: number): number => (a > b ? (a * (a - 1)) / 2 + b : (b * (b - 1)) / 2 + a);

/** Four sums at once: each addition would otherwise wait for the one before. */
export function dot(a: Float32Array, b: Float32Array): number {
  let [one, two, three, four] = [0, 0, 0, 0];
  for (let n = 0; n < a.length; n += 4) {
    one += (a[n] ?? 0) * (b[n] ?? 0);
    two += (a[n + 1] ?? 0) * (b[n + 1] ?? 0);
    three += (a[n + 2] ?? 0) * (b[n + 2] ?? 0);
    four += (a[n + 3] ?? 0) * (b[n + 3] ?? 0);
  }
  return one + two + three + four;
}

/** Of equals the one before in the chain, otherwise the first: a chain that preferred another could run in a circle. */
function nearestTo(
  tip: number,
  before: number | undefined,
  groups: ReadonlyMap<number, unknown>,
  similarities: Float32Array,
): { nearest: number | null; similarity: number } {
  let nearest: number | null = before ?? null;
  let similarity = before === undefined ? -Infinity : (similarities[placeOf(tip, before)] ?? 0);
  for (const other of groups.keys()) {
    if (other === tip) continue;
    const value = similarities[placeOf(tip, other)] ?? 0;
    if (value > similarity) [nearest, similarity] = [other, value];
  }
  return { nearest, similarity };
}

function merge(
  into: number,
  from: number,
  groups: Map<number, number[]>,
  sizes: Float64Array,
  similarities: Float32Array,
): void {
  groups.get(into)?.push(...(groups.get(from) ?? []));
  groups.delete(from);
  const [a, b] = [sizes[into] ?? 0, sizes[from] ?? 0];
  sizes[into] = a + b;
  for (const other of groups.keys()) {
    if (other === into) continue;
    const [one, two] = [similarities[placeOf(into, other)] ?? 0, similarities[placeOf(from, other)] ?? 0];
    similarities[placeOf(into, other)] = (a * one + b * two) / (a + b);
  }
}
