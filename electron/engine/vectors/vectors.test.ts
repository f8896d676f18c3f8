import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Groups } from './group-bounds.ts';
import { QuantisedVectors } from './quantised.ts';
import { type FoundGroup, Vectors } from './vectors.ts';

/** Lengths on both sides of what a step of the scan takes, and two that models have. */
const dims = fc.constantFrom(1, 3, 8, 15, 16, 17, 100, 512, 576);

/** A vector of a few shapes: spread out, mostly one number, all the same; many are equal to each other. */
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
    products: fc.array(fc.array(vector(dim), { minLength: 1, maxLength: 4 }), {
      minLength: 1,
      maxLength: 40,
    }),
    limit: fc.integer({ min: 0, max: 45 }),
    passes: fc.infiniteStream(fc.boolean()),
  }),
);

function unit(values: Float32Array): Float32Array {
  const norm = Math.hypot(...values);
  return norm > 1e-6 ? values.map((value) => value / norm) : new Float32Array(values.length).fill(1, 0, 1);
}

/** All rows in the products' order, the rows of one standing apart in memory. */
function load(products: readonly (readonly Float32Array[])[], dim: number) {
  const rows = products.flatMap((images, product) => images.map((image, n) => ({ image, product, n })));
  rows.sort((a, b) => a.n - b.n || a.product - b.product);
  const vectors = new Vectors(rows.length, dim);
  for (const [i, { image }] of rows.entries()) vectors.set(i, image);
  const places = products.map((_, product) => rows.flatMap((row, i) => (row.product === product ? [i] : [])));
  const starts = [0];
  for (const its of places) starts.push((starts.at(-1) ?? 0) + its.length);
  const groups: Groups = {
    starts: Uint32Array.from(starts),
    rows: Uint32Array.from(places.flat()),
    of: Uint32Array.from(rows, ({ product }) => product),
  };
  return { vectors, groups, places };
}

test('finds just what a plain comparison with every row finds, equal scores and filters included', () => {
  fc.assert(
    fc.property(catalog, ({ dim, query, products, limit, passes }) => {
      const { vectors, groups, places } = load(products, dim);
      const selected = products.flatMap((_, product) => (passes.next().value ? [product] : []));
      const plain = selected.map((group): FoundGroup => {
        const scores = (places[group] ?? []).map((row) => ({ row, score: vectors.similarity(query, row) }));
        return { group, ...scores.reduce((best, it) => (it.score > best.score ? it : best)) };
      });
      plain.sort((a, b) => b.score - a.score || a.group - b.group);
      expect(vectors.nearest(query, limit, groups, Uint32Array.from(selected))).toEqual({
        groups: plain.slice(0, limit),
        search: 'exact',
      });
    }),
    { numRuns: 500 },
  );
});

test('the bounds hold the dot product of every row', () => {
  fc.assert(
    fc.property(catalog, ({ dim, query, products }) => {
      const rows = products.flat();
      const quantised = new QuantisedVectors(rows.length, dim);
      for (const [i, row] of rows.entries()) quantised.set(i, row);
      const { least, perError, always } = quantised.bounds(query, [0, rows.length]);
      for (const [i, row] of rows.entries()) {
        const dot = row.reduce((sum, value, at) => sum + value * (query[at] ?? 0), 0);
        const width = (quantised.errors[i] ?? 0) * perError + always;
        expect(least[i]).toBeLessThanOrEqual(dot);
        expect((least[i] ?? 0) + width).toBeGreaterThanOrEqual(dot);
        expect(width).toBeLessThan(0.2);
      }
    }),
  );
});
