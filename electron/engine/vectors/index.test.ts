import { readFile, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { temporaryFolder } from '../test-catalog.ts';
import type { Groups } from './group-bounds.ts';
import { type BuiltIndex, buildIndex } from './index-build.ts';
import { fingerprint, type KeptIndex, readIndex, writeIndex } from './index-file.ts';
import { clustered, loadVectors } from './test-vectors.ts';
import type { Vectors } from './vectors.ts';

const COUNT = 12_000;
const photos = Array.from({ length: 60 }, (_, n) => clustered(1e6 + n));
const pictures = (count: number, from = 0) => Array.from({ length: count }, (_, n) => clustered(from + n));
const all = ({ starts }: Groups) => Uint32Array.from({ length: starts.length - 1 }, (_, group) => group);

function finish<T>(steps: Generator<void, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

function build(vectors: Vectors, groups: Groups, kept: KeptIndex | null = null): BuiltIndex {
  const built = finish(buildIndex(vectors, groups, kept));
  finish(vectors.adopt(built.index));
  return built;
}

/** For each photo the groups found. */
function ask(vectors: Vectors, groups: Groups, limit: number, selected = all(groups)) {
  return photos.map((photo) => vectors.nearest(photo, limit, groups, selected));
}

function recall(found: ReturnType<typeof ask>, exact: ReturnType<typeof ask>): number {
  const shares = exact.map(({ groups }, i) => {
    const its = new Set(found[i]?.groups.map(({ group }) => group));
    return groups.filter(({ group }) => its.has(group)).length / groups.length;
  });
  return shares.reduce((sum, share) => sum + share, 0) / shares.length;
}

const filters: Record<string, (group: number) => boolean> = {
  none: () => true,
  'half of the products': (group) => group % 2 === 0,
  'a few products': (group) => group % 200 === 0,
  'only what looks a certain way': (group) => (clustered(group)[0] ?? 0) > 0,
};

describe.each([1, 3])('of products with %i pictures each', (images) => {
  const { vectors, groups } = loadVectors(pictures(COUNT), images);
  const selections = Object.entries(filters).map(([name, passes]) => ({
    name,
    selected: all(groups).filter(passes),
  }));
  const exact = selections.map(({ selected }) =>
    [10, 200].map((limit) => ask(vectors, groups, limit, selected)),
  );
  build(vectors, groups);

  test.each(selections.map((it, i) => ({ ...it, exact: exact[i] })))(
    'an index finds what comparing with every row finds, filtered by: $name',
    ({ name, selected, exact: [ten = [], many = []] = [] }) => {
      const found = ask(vectors, groups, 10, selected);
      expect(recall(found, ten)).toBeGreaterThanOrEqual(0.98);
      expect(recall(ask(vectors, groups, 200, selected), many)).toBeGreaterThanOrEqual(0.95);
      // As many as there are, from the selected only, with exact scores.
      for (const [i, { groups: its }] of found.entries()) {
        expect(its).toHaveLength(ten[i]?.groups.length ?? 0);
        for (const { group, row, score } of its) {
          expect(selected).toContain(group);
          expect(score).toBe(vectors.similarity(photos[i] ?? new Float32Array(), row));
        }
      }
      if (name === 'none')
        expect(found.filter(({ search }) => search === 'index').length).toBeGreaterThan(50);
      if (name === 'a few products') expect(found.every(({ search }) => search === 'exact')).toBe(true);
    },
  );

  test('an index says the same each time', () => {
    const again = loadVectors(pictures(COUNT), images);
    build(again.vectors, again.groups);
    expect(ask(again.vectors, again.groups, 20)).toEqual(ask(vectors, groups, 20));
  });
});

test('searches are exact while rows are brought to their places, and when that is never finished', () => {
  const { vectors, groups } = loadVectors(pictures(COUNT));
  const exact = ask(vectors, groups, 20);
  const { index } = finish(buildIndex(vectors, groups, null));
  const moving = vectors.adopt(index);
  for (let step = 0; step < 20; step++) moving.next();
  expect(ask(vectors, groups, 20)).toEqual(exact);
});

describe('what is kept', () => {
  const { vectors, groups } = loadVectors(pictures(COUNT));
  const { kept } = build(vectors, groups);
  if (!kept) throw new Error('Nothing is kept.');

  test('serves the next catalog: known rows keep their lists wherever they are, new ones get the nearest', () => {
    const next = loadVectors([...pictures(500, 5e6), ...pictures(COUNT).reverse().slice(1000)]);
    const exact = ask(next.vectors, next.groups, 10);
    const built = build(next.vectors, next.groups, kept);
    expect(built.kept?.centres).toBe(kept.centres);
    expect(built.kept?.lists.size).toBe(COUNT - 500);
    for (const [print, list] of built.kept?.lists ?? []) {
      if (kept.lists.has(print)) expect(list).toBe(kept.lists.get(print));
    }
    expect(recall(ask(next.vectors, next.groups, 10), exact)).toBeGreaterThanOrEqual(0.98);
    expect(ask(next.vectors, next.groups, 10).some(({ search }) => search === 'index')).toBe(true);
  });

  test('is not written again when nothing has changed', () => {
    const same = loadVectors(pictures(COUNT));
    expect(finish(buildIndex(same.vectors, same.groups, kept)).kept).toBeNull();
  });

  test.each([
    ['of a catalog that is mostly new', loadVectors(pictures(COUNT, 7e6))],
    ['of another model', loadVectors(Array.from({ length: COUNT }, (_, n) => clustered(n, 16)))],
    ['of a much larger catalog', loadVectors(pictures(2000))],
  ])('%s is not used', (_, { vectors: other, groups: its }) => {
    const exact = ask2(other, its);
    const built = build(other, its, kept);
    expect(built.kept?.centres).not.toBe(kept.centres);
    expect(ask2(other, its).map(({ groups: found }) => found[0])).toEqual(
      exact.map(({ groups: found }) => found[0]),
    );
  });

  /** By the catalog's own pictures, whatever their length. */
  const ask2 = (of: Vectors, its: Groups) =>
    Array.from({ length: 30 }, (_, n) => of.nearest(of.at(n * 50), 10, its, all(its)));

  test('is read as it was written', async () => {
    const path = join(await temporaryFolder(), 'index.bin');
    await writeIndex(path, kept);
    const read = await readIndex(path);
    expect(read?.centres.flat).toEqual(kept.centres.flat);
    expect(read?.lists).toEqual(kept.lists);
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
    // Whole, but of lists that there are not.
    await writeIndex(path, { centres: kept.centres, lists: new Map([[1, kept.centres.count]]) });
    expect(await readIndex(path)).toBeNull();
  });

  test('vectors that differ in one number have other fingerprints', () => {
    const vector = clustered(1);
    const others = Array.from(vector, (_, i) => vector.with(i, 0.5));
    expect(new Set([vector, ...others].map(fingerprint)).size).toBe(1 + vector.length);
  });
});
