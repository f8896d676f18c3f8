import { Index } from '@lancedb/lancedb';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Filters } from '../../contract/search.ts';
import { rowKey } from '../catalog/product-ids.ts';
import type { CatalogRow } from '../catalog/rows.ts';
import { syncRows, testRow } from '../catalog/test-rows.ts';
import { range, temporaryFolder } from '../test-catalog.ts';
import { clustered } from '../vectors/test-vectors.ts';
import { chooseAnswer } from './answer-choice.ts';
import { LiveCatalog } from './live-catalog.ts';
import type { Searchable } from './searchable.ts';

const DIM = 24;
const MODEL = { id: 'test', dim: DIM };
const PRODUCTS = 1500;
const COLORS = ['red', 'green', 'blue'];

/** A third of the products are sizes of designs in three colours. Some share pictures, some have two. */
const rows = range(PRODUCTS).flatMap((n): CatalogRow[] => {
  const grouped = n % 3 === 0;
  const color = COLORS[Math.floor(n / 12) % 3] ?? null;
  const fields = {
    productId: `p${n}`,
    groupId: grouped ? `g${Math.floor(n / 36)}` : null,
    color,
    size: grouped ? `${n % 4}` : null,
    brand: `Brand ${n % 7}`,
    category: n % 2 === 0 ? 'coat' : 'dress',
    price: n % 90 === 0 ? null : n % 200,
    attributes: { fit: n % 5 === 0 ? 'wide' : 'slim', note: `only ${n}` },
  };
  const pictures = [grouped ? Math.floor(n / 12) * 12 : n % 900, ...(n % 10 === 0 ? [n + 5000] : [])];
  return pictures.map((picture, imageIndex) => {
    const { row, content } = testRow(picture, { ...fields, imageIndex }, DIM);
    const imageHash = testRow(picture).row.imageHash;
    return {
      row: { ...row, imageHash, key: rowKey(row.uid, imageIndex) },
      content: { ...content, vector: clustered(picture, DIM) },
    };
  });
});

async function both() {
  const uri = await temporaryFolder();
  const catalog = await LiveCatalog.open(uri, MODEL);
  await syncRows(catalog, rows);
  const open = async (answeredBy: 'memory' | 'lance') => {
    const snapshot = await (await LiveCatalog.open(uri, MODEL, { memory: { answeredBy } })).searchable();
    if (!snapshot) throw new Error('Nothing is published.');
    expect(snapshot.answeredBy).toBe(answeredBy);
    return snapshot;
  };
  return { uri, memory: await open('memory'), lance: await open('lance'), open };
}

const filters: fc.Arbitrary<Filters> = fc.record(
  {
    brand: fc.subarray(
      range(7).map((n) => `Brand ${n}`),
      { minLength: 1 },
    ),
    color: fc.subarray(COLORS, { minLength: 1 }),
    category: fc.constant(['coat']),
    price: fc.record({ max: fc.integer({ min: 0, max: 200 }) }),
    attributes: fc.constantFrom({ fit: ['wide'] }, { note: ['only 7', 'only 36', 'none'] }),
  },
  { requiredKeys: [] },
);

const ask = async (snapshot: Searchable, seed: number, limit: number, wanted: Filters, exclude?: string) => {
  const { neighbours, total } = await snapshot.nearest(clustered(9e5 + seed, DIM), limit, wanted, exclude);
  return { neighbours, total };
};

test('LanceDB and memory find the same styles, filters included, but for equally near ones', async () => {
  const { memory, lance } = await both();
  await fc.assert(
    fc.asyncProperty(
      fc.nat(1000),
      fc.integer({ min: 1, max: 40 }),
      filters,
      fc.option(fc.nat(PRODUCTS - 1), { nil: undefined }),
      async (seed, limit, wanted, excluded) => {
        const exclude = excluded === undefined ? undefined : `p${excluded}`;
        const expected = await ask(memory, seed, limit + 20, wanted, exclude);
        const found = await ask(lance, seed, limit, wanted, exclude);
        expect(found.total).toBe(expected.total);
        expect(found.neighbours).toHaveLength(Math.min(limit, expected.neighbours.length));
        for (const [i, { styleId, score, imageCount, style }] of found.neighbours.entries()) {
          expect(score).toBeCloseTo(expected.neighbours[i]?.score ?? 0, 5);
          const same = expected.neighbours.find((each) => each.styleId === styleId);
          expect(same?.score).toBeCloseTo(score, 5);
          expect(imageCount).toBe(same?.imageCount);
          expect(style).toEqual(same?.style);
        }
      },
    ),
    { numRuns: 60 },
  );
});

test('LanceDB says the same of products, words, facets and thumbnails', async () => {
  const { memory, lance } = await both();
  for (const wanted of [{}, { brand: ['Brand 3'] }, { attributes: { fit: ['wide'] }, price: { max: 50 } }]) {
    expect(await lance.facets(wanted)).toEqual(await memory.facets(wanted));
  }
  for (const uid of ['p0', 'p7', 'p360', 'nothing']) {
    expect(await lance.product(uid)).toEqual(await memory.product(uid));
    expect(await lance.styleOf(uid)).toEqual(await memory.styleOf(uid));
  }
  const named = (await memory.matching('SKU-36', {})).map(({ styleId, exact }) => ({ styleId, exact }));
  expect((await lance.matching('SKU-36', {})).map(({ styleId, exact }) => ({ styleId, exact }))).toEqual(
    named,
  );
  const hashes = range(5).map((n) => testRow(n).row.imageHash);
  expect(await lance.thumbnails([...hashes, 'none'])).toEqual(await memory.thumbnails(hashes));
  expect(lance.similarities(clustered(3, DIM)).length).toBeGreaterThan(300);
});

test('an index of LanceDB’s is used where there is one, and finds nearly all', async () => {
  const { uri, memory, open } = await both();
  const catalog = await LiveCatalog.open(uri, MODEL);
  const staging = await catalog.stage();
  await staging.close();
  const { features } = await catalog.versions.open(memory.info.version);
  await features.createIndex('vector', { config: Index.hnswSq({ distanceType: 'cosine' }), replace: true });
  // A publish adds the index to a version.
  await syncRows(catalog, [...rows.slice(0, -1), testRow(8000, { brand: 'New' }, DIM)]);
  const [exact, indexed] = [await open('memory'), await open('lance')];
  let [hits, wanted] = [0, 0];
  for (const seed of range(40)) {
    const expected = (await ask(exact, seed, 10, {})).neighbours;
    const { neighbours, search } = await indexed.nearest(clustered(9e5 + seed, DIM), 10, {});
    expect(search).toBe('index');
    const least = (expected.at(-1)?.score ?? 0) - 1e-5;
    hits += neighbours.filter(({ score }) => score >= least).length;
    wanted += expected.length;
  }
  expect(hits / wanted).toBeGreaterThanOrEqual(0.98);
});

test('a catalog that is larger than the memory it may take is left to LanceDB', () => {
  expect(chooseAnswer({ images: 100_000 }, 512, { bytes: 500e6 })).toBe('memory');
  expect(chooseAnswer({ images: 1_000_000 }, 512, { bytes: 500e6 })).toBe('lance');
  expect(chooseAnswer({ images: 10 }, 512, { answeredBy: 'lance' })).toBe('lance');
  expect(chooseAnswer({ images: 1000 }, 512, {})).toBe('memory');
});
