import fc from 'fast-check';
import { expect, test } from 'vitest';
import { QuantisedVectors } from './quantised.ts';
import { loadVectors, select } from './test-vectors.ts';

/** Lengths around the number that the scan processes per step, and two lengths of real models. */
const dims = fc.constantFrom(1, 3, 8, 15, 16, 17, 100, 512, 576);

/** Vectors of a few kinds: spread out, dominated by one number, all numbers equal. Many are equal to each other. */
const vector = (dim: number) =>
  fc
    .oneof(
      {
        weight: 4,
        arbitrary: fc.float32Array({ minLength: dim, maxLength: dim, min: -1, max: 1, noNaN: true }),
      },
      { weight: 1, arbitrary: fc.nat(dim - 1).map((at) => new Float32Array(dim).fill(1, at, at + 1)) },
      { weight: 1, arbitrary: fc.constantFrom(1, -0.5).map((value) => new Float32Array(dim).fill(value)) },
    )
    .map(unit);

const catalog = dims.chain((dim) =>
  fc.record({
    dim: fc.constant(dim),
    query: vector(dim),
    all: fc.array(vector(dim), { minLength: 1, maxLength: 100 }),
    k: fc.integer({ min: 0, max: 45 }),
    passes: fc.infiniteStream(fc.boolean()),
  }),
);

function unit(values: Float32Array): Float32Array {
  const norm = Math.hypot(...values);
  return norm > 1e-6 ? values.map((value) => value / norm) : new Float32Array(values.length).fill(1, 0, 1);
}

test('finds just what a plain comparison with every vector finds, equal scores and filters included', () => {
  fc.assert(
    fc.property(catalog, ({ dim, query, all, k, passes }) => {
      const vectors = loadVectors(all);
      const selection = select(all.length, () => passes.next().value);
      const plain = all
        .flatMap((_, id) =>
          selection.mask[id] ? [{ id, score: vectors.similarities(query, [id])[0] ?? 0 }] : [],
        )
        .sort((a, b) => b.score - a.score || a.id - b.id);
      // The answer includes every vector as near as the last one.
      const last = plain[k - 1]?.score ?? Number.NEGATIVE_INFINITY;
      const expected = k === 0 ? [] : plain.filter(({ score }) => score >= last);
      expect(query).toHaveLength(dim);
      expect(vectors.nearest(query, k, selection)).toEqual({ vectors: expected, search: 'exact' });
    }),
    { numRuns: 500 },
  );
});

test('the bounds hold the dot product of every vector', () => {
  fc.assert(
    fc.property(catalog, ({ dim, query, all }) => {
      const quantised = new QuantisedVectors(all.length, dim);
      for (const [i, vector] of all.entries()) quantised.set(i, vector);
      const { least, perError, always } = quantised.bounds(query, [0, all.length]);
      for (const [i, vector] of all.entries()) {
        const dot = vector.reduce((sum, value, at) => sum + value * (query[at] ?? 0), 0);
        const width = (quantised.errors[i] ?? 0) * perError + always;
        expect(least[i]).toBeLessThanOrEqual(dot);
        expect((least[i] ?? 0) + width).toBeGreaterThanOrEqual(dot);
        expect(width).toBeLessThan(0.2);
      }
    }),
  );
});

test('similarities are dot products in float64, of any length', () => {
  const pair = dims.chain((dim) => fc.tuple(vector(dim), vector(dim)));
  fc.assert(
    fc.property(pair, ([query, other]) => {
      const dot = (a: Float32Array) =>
        Array.from(a).reduce((sum, value, i) => sum + value * (query[i] ?? 0), 0);
      const [ofOther, ofItself] = loadVectors([query, other]).similarities(query, [1, 0]);
      expect(ofOther).toBeCloseTo(dot(other), 12);
      expect(ofItself).toBeCloseTo(dot(query), 12);
    }),
  );
});
