import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../test-catalog.ts';
import { type BuiltIndex, buildIndex } from './index-build.ts';
import { fingerprint, type KeptIndex, readIndex, writeIndex } from './index-file.ts';
import { clustered, loadVectors, select } from './test-vectors.ts';
import type { Vectors } from './vectors.ts';

const COUNT = 12_000;
const photos = Array.from({ length: 60 }, (_, n) => clustered(1e6 + n));
const pictures = (count: number, from = 0) => Array.from({ length: count }, (_, n) => clustered(from + n));

function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

function build(vectors: Vectors, kept: KeptIndex | null = null): BuiltIndex {
  const built = finish(buildIndex(vectors, select(vectors.count), kept));
  finish(vectors.adopt(built.index));
  return built;
}

/** The result for each photo. */
function ask(vectors: Vectors, k: number, selection = select(vectors.count)) {
  return photos.map((photo) => vectors.nearest(photo, k, selection));
}

function recall(found: ReturnType<typeof ask>, exact: ReturnType<typeof ask>): number {
  const shares = exact.map(({ vectors }, i) => {
    const its = new Set(found[i]?.vectors.map(({ id }) => id));
    return vectors.filter(({ id }) => its.has(id)).length / vectors.length;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

const filters: Record<string, (id: number) => boolean> = {
  none: () => true,
  half: (id) => id % 2 === 0,
  'a few': (id) => id % 200 === 0,
  'only what looks a certain way': (id) => (clustered(id)[0] ?? 0) > 0,
};

describe('an index', () => {
  const vectors = loadVectors(pictures(COUNT));
  const selections = Object.entries(filters).map(([name, passes]) => ({
    name,
    selection: select(COUNT, passes),
  }));
  const exact = selections.map(({ selection }) => [10, 200].map((k) => ask(vectors, k, selection)));
  build(vectors);

  test.each(selections.map((it, i) => ({ ...it, exact: exact[i] })))(
    'finds what comparing with every vector finds, filtered by: $name',
    ({ name, selection, exact: [ten = [], many = []] = [] }) => {
      const found = ask(vectors, 10, selection);
      expect(recall(found, ten)).toBeGreaterThanOrEqual(0.98);
      expect(recall(ask(vectors, 200, selection), many)).toBeGreaterThanOrEqual(0.95);
      // As many as exist, only selected ones, with exact scores.
      for (const [i, { vectors: its }] of found.entries()) {
        expect(its).toHaveLength(ten[i]?.vectors.length ?? 0);
        for (const { id, score } of its) {
          expect(selection.mask[id]).toBe(1);
          expect(score).toBe(vectors.similarities(photos[i] ?? new Float32Array(), [id])[0]);
        }
      }
      if (name === 'none')
        expect(found.filter(({ search }) => search === 'index').length).toBeGreaterThan(50);
      if (name === 'a few') expect(found.every(({ search }) => search === 'exact')).toBe(true);
    },
  );

  test('says the same each time', () => {
    const again = loadVectors(pictures(COUNT));
    build(again);
    expect(ask(again, 20)).toEqual(ask(vectors, 20));
  });

  test('finds vectors that were written after it was made, and misses none for them', () => {
    const changed = loadVectors(pictures(COUNT));
    build(changed);
    // Copies of the vectors nearest to the photos: each is in a cell that is not its own, and is scanned twice.
    const copies = photos
      .slice(0, 20)
      .map((photo) => changed.nearest(photo, 1, select(COUNT)).vectors[0]?.id ?? 0);
    for (const [n, id] of copies.entries()) changed.set(n * 7, changed.at(id).slice());
    const exact = photos.map((photo) => {
      const scores = pictures(COUNT).map((_, id) => ({
        id,
        score: changed.similarities(photo, [id])[0] ?? 0,
      }));
      return scores.sort((a, b) => b.score - a.score || a.id - b.id).slice(0, 10);
    });
    const found = ask(changed, 10).map(({ vectors: its, search }) => ({ vectors: its.slice(0, 10), search }));
    expect(
      recall(
        found,
        exact.map((its) => ({ vectors: its, search: 'exact' })),
      ),
    ).toBeGreaterThanOrEqual(0.98);
    for (const [n, { search, vectors: its }] of found.entries())
      if (search === 'exact') expect(its).toEqual(exact[n]);
  });
});

test('searches are exact while vectors are moved to their slots, and when that is never finished', () => {
  const vectors = loadVectors(pictures(COUNT));
  const exact = ask(vectors, 20);
  const { index } = finish(buildIndex(vectors, select(COUNT), null));
  const moving = vectors.adopt(index);
  for (let step = 0; step < 20; step++) moving.next();
  expect(ask(vectors, 20)).toEqual(exact);
});

describe('what is kept', () => {
  const { kept } = build(loadVectors(pictures(COUNT)));
  if (!kept) throw new Error('Nothing is kept.');

  test('serves the next catalog: known vectors keep their cells wherever they are, new ones get the nearest', () => {
    const next = loadVectors([...pictures(500, 5e6), ...pictures(COUNT).reverse().slice(1000)]);
    const exact = ask(next, 10);
    const built = build(next, kept);
    expect(built.kept?.centroids).toBe(kept.centroids);
    expect(built.kept?.cells.size).toBe(COUNT - 500);
    for (const [print, cell] of built.kept?.cells ?? []) {
      if (kept.cells.has(print)) expect(cell).toBe(kept.cells.get(print));
    }
    expect(recall(ask(next, 10), exact)).toBeGreaterThanOrEqual(0.98);
    expect(ask(next, 10).some(({ search }) => search === 'index')).toBe(true);
  });

  test('is not written again when nothing has changed', () => {
    const same = loadVectors(pictures(COUNT));
    expect(finish(buildIndex(same, select(COUNT), kept)).kept).toBeNull();
  });

  test.each([
    ['of a catalog that is mostly new', loadVectors(pictures(COUNT, 7e6))],
    ['of another model', loadVectors(Array.from({ length: COUNT }, (_, n) => clustered(n, 16)))],
    ['of a much larger catalog', loadVectors(pictures(2000))],
  ])('%s is not used', (_, other) => {
    const exact = bestOfOwn(other);
    const built = build(other, kept);
    expect(built.kept?.centroids).not.toBe(kept.centroids);
    expect(bestOfOwn(other)).toEqual(exact);
  });

  /** Queries with the catalog's own pictures, whatever their length. */
  const bestOfOwn = (of: Vectors) =>
    Array.from({ length: 30 }, (_, n) => of.nearest(of.at(n * 50), 10, select(of.count)).vectors[0]);

  test('is read as it was written', async () => {
    const path = join(await temporaryFolder(), 'index.bin');
    await writeIndex(path, kept);
    const read = await readIndex(path);
    expect(read?.centroids.flat).toEqual(kept.centroids.flat);
    expect(read?.cells).toEqual(kept.cells);
  });

  test('damaged, cut, with other numbers in it or none at all reads as nothing', async () => {
    const path = join(await temporaryFolder(), 'index.bin');
    expect(await readIndex(path)).toBeNull();
    await writeIndex(path, kept);
    const whole = await readFile(path);
    await truncate(path, whole.length - 8);
    expect(await readIndex(path)).toBeNull();
    await writeFile(path, whole.with(whole.length - 1, 1));
    expect(await readIndex(path)).toBeNull();
    await writeFile(path, Buffer.from(whole.toString('latin1').replace('"dim":24', '"dim":48'), 'latin1'));
    expect(await readIndex(path)).toBeNull();
    await writeFile(path, '{}\n');
    expect(await readIndex(path)).toBeNull();
    await writeFile(path, '');
    expect(await readIndex(path)).toBeNull();
    // A complete file whose cells do not exist.
    await writeIndex(path, { centroids: kept.centroids, cells: new Map([[1, kept.centroids.count]]) });
    expect(await readIndex(path)).toBeNull();
  });

  test('vectors that differ in one number have other fingerprints', () => {
    const vector = clustered(1);
    const others = Array.from(vector, (_, i) => vector.with(i, 0.5));
    expect(new Set([vector, ...others].map(fingerprint)).size).toBe(1 + vector.length);
  });
});
