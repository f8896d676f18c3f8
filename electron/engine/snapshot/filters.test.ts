import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { availability } from '../../contract/catalog.ts';
import type { Facets, Filters } from '../../contract/search.ts';
import { filtersToSql } from '../catalog/filters.ts';
import { COLOR_SIGNATURE_LENGTH, type ImageRow } from '../catalog/schema.ts';
import { syncRows, testRow } from '../catalog/test-rows.ts';
import { range, temporaryFolder } from '../test-catalog.ts';
import { LiveCatalog } from './live-catalog.ts';

const SEED = 20_260_801;
const DIM = 4;
const QUERY = Float32Array.of(1, 0, 0, 0);

const HOSTILE = [
  "'",
  "''",
  "\\'",
  "it's",
  '"quoted"',
  '`',
  "' OR '1'='1",
  "') OR 1=1 --",
  "x'; DROP TABLE images; --",
  '/* */',
  '%',
  '_',
  '\0',
  'a\0b',
  'line\nbreak\r\n',
  '\\',
  '\\u0027',
  '$1',
  ':name',
  'a=b',
  '=',
  'constructor',
  '__proto__',
  'null',
  'NULL',
  '',
  ' padded ',
  'déjà vu',
  'de\u0301ja\u0300 vu',
  '🧥👗',
  '\u202e\u2028',
];

const text = fc.oneof(
  fc.constantFrom(...HOSTILE),
  fc.string({ unit: 'binary', maxLength: 12 }),
  fc.tuple(fc.constantFrom(...HOSTILE), fc.constantFrom(...HOSTILE)).map((parts) => parts.join('')),
);
const price = fc.oneof(
  fc.constantFrom(0, 1, 10, 19.99, 1e-7, 1e9),
  fc.double({ min: 0, max: 1e9, noNaN: true }),
);
/** A leading byte order mark is trimmed from every field of a feed, like white space. */
const field = text.filter((value) => !value.startsWith('\ufeff'));

const fields = fc.record({
  category: fc.option(field),
  brand: fc.option(field),
  color: fc.option(field),
  availability: fc.option(fc.constantFrom(...availability.options)),
  price: fc.option(price),
  // No feed can bring an attribute named `__proto__`: zod drops it.
  attributes: fc.dictionary(
    text.filter((name) => name !== '__proto__'),
    text,
    { maxKeys: 3 },
  ),
});

const rows = fc.sample(fields, { seed: SEED, numRuns: 150 }).map(toRow);

function toRow(made: Partial<ImageRow>, i: number): ImageRow {
  return {
    key: `p${i}#0`,
    imageIndex: 0,
    uid: `p${i}`,
    source: '',
    styleId: `p${i}`,
    productId: `p${i}`,
    skuKey: `p${i}`,
    size: null,
    stock: null,
    gtin: null,
    sku: `p${i}`,
    title: 'Title',
    category: null,
    brand: null,
    color: null,
    price: null,
    currency: null,
    availability: null,
    url: null,
    groupId: null,
    attributes: {},
    imageRef: `/${i}.png`,
    imageValidator: null,
    imageHash: i.toString(16).padStart(64, '0'),
    rowHash: '',
    ...made,
    colorFrom: typeof made.color === 'string' ? 'feed' : null,
  };
}

/** Values that some row has, as often as values that none has. */
const values = (column: 'category' | 'brand' | 'color') =>
  fc.array(fc.oneof(text, fc.constantFrom(...rows.flatMap((row) => row[column] ?? []))), {
    minLength: 1,
    maxLength: 4,
  });
const attribute = fc.oneof(
  fc.tuple(text, text),
  fc.constantFrom(
    ...rows.flatMap((row) => Object.entries(row.attributes).map(([k, v]) => [k, String(v)] as const)),
  ),
);
const filters: fc.Arbitrary<Filters> = fc.record(
  {
    category: values('category'),
    brand: values('brand'),
    color: values('color'),
    availability: fc.array(fc.constantFrom(...availability.options), { minLength: 1 }),
    price: fc.record({ min: price, max: price }, { requiredKeys: [] }),
    attributes: fc
      .array(attribute, { minLength: 1, maxLength: 2 })
      .map((pairs) => Object.fromEntries(pairs.map(([name, value]) => [name, [value, "'"]]))),
  },
  { requiredKeys: [] },
);

function passes(row: ImageRow, wanted: Filters): boolean {
  const oneOf = (values: readonly string[] | undefined, value: string | null) =>
    values === undefined || (value !== null && values.includes(value));
  const { min, max } = wanted.price ?? {};
  return (
    oneOf(wanted.category, row.category) &&
    oneOf(wanted.brand, row.brand) &&
    oneOf(wanted.color, row.color) &&
    oneOf(wanted.availability, row.availability) &&
    (min === undefined || (row.price !== null && row.price >= min)) &&
    (max === undefined || (row.price !== null && row.price <= max)) &&
    Object.entries(wanted.attributes ?? {}).every(
      ([name, values]) =>
        Object.hasOwn(row.attributes, name) &&
        row.attributes[name] !== '' &&
        values.includes(String(row.attributes[name])),
    )
  );
}

async function publishedTable(rows: readonly ImageRow[]) {
  const catalog = await LiveCatalog.open(join(await temporaryFolder(), 'catalog'), { id: 'test', dim: DIM });
  const staging = await catalog.stage();
  const content = {
    vector: QUERY,
    colorSignature: new Float32Array(COLOR_SIGNATURE_LENGTH),
    subjectColors: null,
    thumbnail: Uint8Array.of(1),
  };
  await staging.write(rows.map((row) => ({ row, content })));
  await staging.publish('Test', 'test');
  await staging.close();
  const snapshot = await catalog.live();
  if (!snapshot) throw new Error('nothing was published');
  return { snapshot, table: (await catalog.versions.open(snapshot.info.version)).table };
}

async function publishedSnapshot(rows: readonly ImageRow[]) {
  return (await publishedTable(rows)).snapshot;
}

test('filters choose exactly the rows that a plain reading of them chooses, in memory and by SQL, whatever the text', async () => {
  const { snapshot, table } = await publishedTable(rows);
  const bySql = async (wanted: Filters) => {
    const where = filtersToSql(wanted);
    const query = table.query().select(['productId']);
    const found = await (where === null ? query : query.where(where)).toArray();
    return found.map((row) => String(row.productId));
  };
  await fc.assert(
    fc.asyncProperty(filters, async (wanted) => {
      const { neighbours, total } = await snapshot.nearest(QUERY, 1000, wanted);
      const expected = rows.filter((row) => passes(row, wanted)).map((row) => row.productId);
      expect(neighbours.map(({ uid }) => uid).sort()).toEqual(expected.sort());
      expect(total).toBe(expected.length);
      expect((await bySql(wanted)).sort()).toEqual(expected);
    }),
    { seed: SEED, numRuns: 400 },
  );
});

test('a filter on one attribute does not choose another whose name and value run together to the same', async () => {
  const snapshot = await publishedSnapshot(
    [{ attributes: { 'a=b': 'c' } }, { attributes: { a: 'b=c' } }].map(toRow),
  );
  const { neighbours } = await snapshot.nearest(QUERY, 10, { attributes: { a: ['b=c'] } });
  expect(neighbours.map(({ uid }) => uid)).toEqual(['p1']);
});

test('an attribute that has more values than are counted is filtered by all the same', async () => {
  const many = Array.from({ length: 4200 }, (_, n) =>
    toRow({ attributes: { number: n, half: n % 2 === 0 } }, n),
  );
  const snapshot = await publishedSnapshot(many);
  const { neighbours, total } = await snapshot.nearest(QUERY, 10, {
    attributes: { number: ['7', '4150', '4151', 'none'], half: ['false'] },
  });
  expect(neighbours.map(({ uid }) => uid)).toEqual(['p7', 'p4151']);
  expect(total).toBe(2);
  const { attributes } = await snapshot.facets({ attributes: { number: ['7'] } });
  expect(attributes).toEqual([]);
});

test('what was written is what is read, whatever the text', async () => {
  const snapshot = await publishedSnapshot(rows);
  expect(rows.map((row) => snapshot.product(row.productId).map((image) => image.row))).toEqual(
    rows.map((row) => [row]),
  );
});

test('facets count what each value would leave, the other filters applied', async () => {
  const snapshot = await publishedSnapshot(rows);
  await fc.assert(
    fc.asyncProperty(filters, async (wanted) => {
      const facets = await snapshot.facets(wanted);
      for (const column of ['category', 'brand', 'color', 'availability'] as const) {
        const { [column]: _, ...others } = wanted;
        const left = rows.filter((row) => passes(row, others));
        expect(asRecord(facets[column])).toEqual(countsOf(left.flatMap((row) => row[column] ?? [])));
      }
      for (const { name, values } of facets.attributes) {
        const { [name]: _, ...attributes } = wanted.attributes ?? {};
        const left = rows.filter((row) => passes(row, { ...wanted, attributes }));
        const having = left.filter(
          (row) => Object.hasOwn(row.attributes, name) && row.attributes[name] !== '',
        );
        expect(asRecord(values)).toEqual(countsOf(having.map((row) => String(row.attributes[name]))));
      }
    }),
    { seed: SEED, numRuns: 100 },
  );
});

test('an attribute whose values nearly every design has for itself is no facet', async () => {
  const coats = range(30).flatMap((n) =>
    ['red', 'blue'].map((color) => {
      const attributes = {
        Handle: `coat-${n}`,
        Material: `material ${n % 12}`,
        Fit: n % 2 ? 'slim' : 'loose',
      };
      const productId = `${n} ${color}`;
      return testRow(n * 2 + Number(color === 'red'), { productId, groupId: `coat ${n}`, color, attributes });
    }),
  );
  const dataDir = await temporaryFolder();
  const catalog = await LiveCatalog.open(dataDir, { id: 'test', dim: 8 });
  await syncRows(catalog, coats);
  const byLance = await LiveCatalog.open(
    dataDir,
    { id: 'test', dim: 8 },
    { memory: { answeredBy: 'lance' } },
  );
  for (const each of [catalog, byLance]) {
    using snapshot = await each.searchable();
    for (const wanted of [{}, { color: ['red'] }, { attributes: { Fit: ['slim'] } }]) {
      const facets = await snapshot?.facets(wanted);
      expect(facets?.attributes.map(({ name }) => name)).toEqual(['Fit', 'Material']);
    }
  }
});

test('the price range is that of the rows the other filters leave', async () => {
  const snapshot = await publishedSnapshot(rows);
  const inStock = rows.flatMap((row) =>
    row.availability === 'in stock' && row.price !== null ? [row.price] : [],
  );
  const { price } = await snapshot.facets({ availability: ['in stock'], price: { min: 5, max: 6 } });
  expect(price).toEqual({ min: Math.min(...inStock), max: Math.max(...inStock) });
  expect((await snapshot.facets({ category: ['no such category'] })).price).toBeNull();
});

const asRecord = (facet: Facets['category']) => new Map(facet.map(({ value, count }) => [value, count]));

function countsOf(values: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}
