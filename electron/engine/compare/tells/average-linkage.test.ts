import fc from 'fast-check';
import { expect, test } from 'vitest';
import { averageLinkage } from './average-linkage.ts';

function grouped(vectors: readonly Float32Array[], least: number): number[][] {
  const steps = averageLinkage(vectors, least);
  let share = 0;
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
    // How far it is only grows.
    expect(step.value).toBeGreaterThanOrEqual(share);
    expect(step.value).toBeLessThanOrEqual(1);
    share = step.value;
  }
}

const dot = (a: Float32Array, b: Float32Array) => a.reduce((sum, value, n) => sum + value * (b[n] ?? 0), 0);

/** By the definition: the most alike groups are merged, until none are alike enough. */
function byDefinition(vectors: readonly Float32Array[], least: number): number[][] {
  let groups = vectors.map((_, n) => [n]);
  const average = (one: number[], other: number[]) =>
    one.reduce((sum, a) => sum + other.reduce((of, b) => of + dot(vectors[a] ?? E, vectors[b] ?? E), 0), 0) /
    (one.length * other.length);
  for (;;) {
    const pairs = groups.flatMap((one, n) =>
      groups.slice(n + 1).map((other) => ({ one, other, alike: average(one, other) })),
    );
    const [best] = pairs.sort((a, b) => b.alike - a.alike);
    if (!best || best.alike < least) break;
    const merged = [...best.one, ...best.other].sort((a, b) => a - b);
    groups = [...groups.filter((group) => group !== best.one && group !== best.other), merged];
  }
  return groups.sort(([a = 0], [b = 0]) => a - b);
}
const E = new Float32Array();

/** Never two pairs that are equally alike, of which either could be merged first. */
function vectorsOf(seed: number, count: number): Float32Array[] {
  let state = seed;
  const next = () => {
    state = (1_103_515_245 * state + 12_345) % 2_147_483_648;
    return state / 1_073_741_824 - 1;
  };
  return Array.from({ length: count }, () => {
    const values = Array.from({ length: 5 }, next);
    return Float32Array.from(values, (value) => value / Math.hypot(...values));
  });
}

test('groups are those of merging the most alike groups, one pair after another', () => {
  const seed = fc.integer({ min: 1, max: 1e9 });
  const least = fc.double({ min: -0.9, max: 0.95, noNaN: true });
  const sameGroups = fc.property(seed, fc.integer({ min: 0, max: 14 }), least, (from, count, limit) => {
    const vectors = vectorsOf(from, count);
    expect(grouped(vectors, limit)).toEqual(byDefinition(vectors, limit));
  });
  fc.assert(sameGroups, { numRuns: 200, seed: 7 });
});

test('nothing makes no group, and the same twice makes one', () => {
  const one = Float32Array.of(1, 0);
  expect(grouped([], 0.5)).toEqual([]);
  expect(grouped([one, Float32Array.of(0, 1), one], 0.5)).toEqual([[0, 2], [1]]);
});
