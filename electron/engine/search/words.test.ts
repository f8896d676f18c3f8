import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { SearchRequest } from '../../contract/search.ts';
import type { Engine } from '../engine.ts';
import { openEngine } from '../open-engine.ts';
import { importedCatalog, item, range, runImport, temporaryFolder, writeFeed } from '../test-catalog.ts';
import { drawCloth, installDualEncoder } from '../test-dual-encoder.ts';

const COLORS = ['red', 'green', 'blue'] as const;
const PATTERNS = ['plain', 'striped', 'ribbed'] as const;
type Cloth = `${(typeof COLORS)[number]} ${(typeof PATTERNS)[number]}`;

/** Products named after what their pictures show ("red striped 0"), in nine kinds of two tones each. */
const KINDS = COLORS.flatMap((color) =>
  PATTERNS.flatMap((pattern) => range(2).map((tone) => ({ color, pattern, tone }))),
);

/** Opens an engine with the tiny dual encoder on a catalog of these products. */
async function shop(products: readonly Record<string, unknown>[], text: Record<string, unknown> | null = {}) {
  const folder = await temporaryFolder();
  const models = join(folder, 'models');
  await mkdir(models);
  await installDualEncoder(models, text);
  for (const { color, pattern, tone } of KINDS) {
    const picture = await drawCloth(color, pattern, tone);
    await writeFile(join(folder, `${color} ${pattern} ${tone}.png`), picture);
  }
  const engine = await openEngine({
    dataDir: join(folder, 'data'),
    modelRoots: [models],
    sampleFeed: join(folder, 'none.json'),
  });
  onTestFinished(() => engine.close());
  await runImport(engine, await writeFeed(folder, products));
  return { folder, engine };
}

/** Nothing in the fields says what the pictures show, so that answers come from pictures alone. */
const SILENT = KINDS.map(({ color, pattern, tone }, i) => ({
  id: `${color} ${pattern} ${tone}`,
  title: `Nr. ${1000 + i}`,
  sku: `N-${1000 + i}`,
  image: `${color} ${pattern} ${tone}.png`,
}));
/** Ids that fields must not be matched by are taken for numbers. */
const NUMBERED = SILENT.map((product, i) => ({ ...product, id: `i${i}` }));
const nameOf = (productId: string) => SILENT[Number(productId.slice(1))]?.id ?? productId;

async function names(engine: Engine, request: SearchRequest): Promise<string[]> {
  const { results } = await engine.search(request);
  return results.map(({ productId }) => nameOf(productId).replace(/ \d$/, ''));
}

const photo = async (cloth: Cloth) => {
  const [color, pattern] = cloth.split(' ');
  const known = KINDS.find((kind) => kind.color === color && kind.pattern === pattern);
  if (!known) throw new Error(cloth);
  return { bytes: await drawCloth(known.color, known.pattern, 3) };
};

test('words alone: what the pictures show comes first, and the answer says how it was ranked', async () => {
  const { engine } = await shop(NUMBERED);
  expect((await engine.status()).model.words).toBe(true);
  const query = (words: string): SearchRequest => ({ query: { kind: 'words', words } });
  expect((await names(engine, query('red striped dress'))).slice(0, 2)).toEqual([
    'red striped',
    'red striped',
  ]);
  expect((await names(engine, query('a GREEN dress'))).slice(0, 2)).toEqual(['green plain', 'green plain']);
  expect((await names(engine, query('blue, ribbed'))).slice(0, 2)).toEqual(['blue ribbed', 'blue ribbed']);
  const { ranking, total, timings } = await engine.search(query('striped green'));
  expect(ranking).toMatchObject({ words: 'meaning and fields', crop: null, color: { weight: 0 } });
  expect(total).toBe(KINDS.length);
  expect(timings.embed).toBeGreaterThan(0);
});

test('this, in green: a picture and words, the balance between them', async () => {
  const { engine } = await shop(NUMBERED);
  const ask = async (balance: number) =>
    names(engine, { query: { kind: 'photo', photo: await photo('red striped'), words: 'green', balance } });
  const alone = await names(engine, { query: { kind: 'photo', photo: await photo('red striped') } });
  expect(alone.slice(0, 2)).toEqual(['red striped', 'red striped']);
  expect(await ask(0)).toEqual(alone);
  expect((await ask(0.5)).slice(0, 2)).toEqual(['green striped', 'green striped']);
  expect((await ask(1)).slice(0, 2)).toEqual(['green plain', 'green plain']);
});

test('more like this product, in green', async () => {
  const { engine } = await shop(NUMBERED);
  const productId = `i${SILENT.findIndex(({ id }) => id === 'red striped 0')}`;
  const found = await names(engine, { query: { kind: 'product', productId, words: 'green' } });
  expect(found.slice(0, 2)).toEqual(['green striped', 'green striped']);
  expect(found).toHaveLength(KINDS.length - 1);
});

test('without stripes: the same, and nothing striped before what is not', async () => {
  const { engine } = await shop(NUMBERED);
  const words: SearchRequest = { query: { kind: 'words', words: 'red' }, without: 'stripes' };
  const red = await names(engine, words);
  expect(red.slice(0, 4).sort()).toEqual(['red plain', 'red plain', 'red ribbed', 'red ribbed']);
  const striped = await names(engine, {
    query: { kind: 'photo', photo: await photo('green striped') },
    without: 'striped',
  });
  expect(striped.slice(0, 4).sort()).toEqual(['green plain', 'green plain', 'green ribbed', 'green ribbed']);
  expect(striped).toHaveLength(KINDS.length);
});

test('what fields say to be without is left out, and counted nowhere', async () => {
  const { engine } = await shop(
    NUMBERED.map((product, i) => ({
      ...product,
      brand: i % 2 ? 'Acme' : 'Globex',
      title: i < 4 ? 'Wool vest' : 'Vest',
    })),
  );
  const { results, total, facets } = await engine.search({
    query: { kind: 'photo', photo: await photo('red plain') },
    without: 'wool vests',
  });
  expect(results.map(({ title }) => title)).not.toContain('Wool vest');
  expect([results.length, total]).toEqual([KINDS.length - 4, KINDS.length - 4]);
  expect(facets.brand).toEqual([
    { value: 'Acme', count: 7 },
    { value: 'Globex', count: 7 },
  ]);
  const acme = await engine.search({
    query: { kind: 'photo', photo: await photo('red plain') },
    without: 'wool',
    filters: { brand: ['Acme'] },
  });
  expect(acme.total).toBe(7);
  expect(acme.facets.brand.map(({ count }) => count)).toEqual([7, 7]);
});

test('a SKU, an id or a brand that is typed comes first, whatever its picture shows', async () => {
  const { engine } = await shop([
    ...NUMBERED,
    item(1, { image: 'blue ribbed 0.png', sku: 'RED-77/b', brand: 'Green & Co' }),
    item(2, { image: 'blue plain 0.png', sku: 'RED-77/c', title: 'Vest by Green & Co' }),
  ]);
  const first = async (words: string) =>
    (await engine.search({ query: { kind: 'words', words } })).results[0];
  expect(await first('RED-77/b')).toMatchObject({ productId: 'p1', band: 'same' });
  expect(await first(' red-77/C')).toMatchObject({ productId: 'p2', band: 'same' });
  expect(await first('P2')).toMatchObject({ productId: 'p2', band: 'same' });
  expect(await first('Green & Co')).toMatchObject({ productId: 'p1' });
});

test('bands of words: exactly this, all words in its fields, stands out, or does not', async () => {
  const { engine } = await shop([
    ...NUMBERED.map((product, i) => (i === 4 ? { ...product, title: 'Red dress' } : product)),
  ]);
  const { results } = await engine.search({ query: { kind: 'words', words: 'red dress' } });
  expect(results[0]).toMatchObject({ title: 'Red dress', band: 'close' });
  const weakness = ['same', 'close', 'similar', 'other'] as const;
  const bands = results.map(({ band }) => weakness.indexOf(band));
  expect(bands).toEqual([...bands].sort());
  expect(results.filter(({ band }) => band === 'similar').map(({ productId }) => nameOf(productId))).toEqual(
    expect.arrayContaining(['red plain 0', 'red plain 1']),
  );
  expect(results.at(-1)?.band).toBe('other');
});

const WORDED = [
  item(0, { title: 'Robe à fleurs, Café', color: 'crème', sku: 'AB-12' }),
  item(1, {
    title: 'Floral summer dress',
    brand: 'Acme',
    category: 'Dresses',
    attributes: { material: 'Linen' },
  }),
  item(2, { title: 'Striped dress', brand: 'Globex', category: 'Dresses', attributes: { material: 'Wool' } }),
  item(3, { title: 'Wool coat', brand: 'Acme', category: 'Coats', price: 90 }),
];

/** The starter model has no words. */
const byFields = () => importedCatalog(WORDED, range(4));
const idsOf = async (engine: Engine, request: SearchRequest) =>
  (await engine.search(request)).results.map(({ productId }) => productId);

test('with a model without words fields alone answer, and the answer says so', async () => {
  const { engine } = await byFields();
  const { results, total, ranking, facets, thumbnails } = await engine.search({
    query: { kind: 'words', words: 'wool dress' },
  });
  expect(results).toMatchObject([{ productId: 'p2', rank: 1, score: 1, band: 'close', imageCount: 1 }]);
  expect([total, thumbnails.length, ranking.words]).toEqual([1, 1, 'fields']);
  expect(facets.brand).toEqual([{ value: 'Globex', count: 1 }]);
  const nothing = await engine.search({ query: { kind: 'words', words: 'umbrella' } });
  expect(nothing).toMatchObject({ results: [], total: 0, facets: { brand: [] } });
});

test.each([
  ['a beginning of the last word', 'summ', ['p1']],
  ['plurals', 'coats', ['p3']],
  ['another ending', 'dress', ['p0', 'p1', 'p2']],
  ['another language', 'Kleider', ['p0', 'p1', 'p2']],
  ['accents and case', 'CAFE creme', ['p0']],
  ['the beginning of a word with an accent', 'cre', ['p0']],
  ['words of several fields', 'acme wool', ['p3']],
  ['function words', 'a coat of the wool', ['p3']],
  ['an attribute', 'linen', ['p1']],
  ['no product with all of them: those with some', 'linen coat', ['p1', 'p3']],
  ['the beginning of a SKU', 'AB', ['p0']],
  ['signs', '"(\\ *', []],
  ['a quote', "'", []],
])('fields are found by %s', async (_, words, expected) => {
  const { engine } = await byFields();
  expect((await idsOf(engine, { query: { kind: 'words', words } })).sort()).toEqual(expected);
});

test('prices: what hardly exists follows at any price, and says so; lowest first; a range without a currency', async () => {
  const { engine } = await importedCatalog(
    [
      ['Dresses', 89, 'Blue dress'],
      ['Dresses', 75, 'Red dress'],
      ['Dresses', 140, 'Red gown'],
      ['Bags', 40, 'Bag'],
      ['Bags', 60, 'Blue bag'],
      ['Dresses', null, 'Green dress'],
    ].map(([category, price, title], i) => item(i, { category, price, title })),
    range(6),
  );
  const ask = async (words: string) => engine.search({ query: { kind: 'words', words } });
  const titles = async (words: string) => (await ask(words)).results.map(({ title }) => title);
  expect(await titles('dress under 80')).toEqual(['Red dress', 'Blue dress', 'Red gown', 'Green dress']);
  expect((await ask('dress under 80')).understood).toMatchObject({ together: 1, outOfPrice: 3 });
  expect((await ask('dress under 80')).facets.price).toEqual({ min: 75, max: 140 });
  expect((await titles('dress under 50'))[0]).toBe('Red dress');
  expect((await titles('dress over 200'))[0]).toBe('Red gown');
  // A price alone, or beside what nobody sells, is no reason to show everything else.
  expect(await titles('under 50')).toEqual(['Bag']);
  expect(await titles('umbrella under 30')).toEqual([]);
  expect((await ask('under 50')).understood.outOfPrice).toBe(0);
  // What the catalog does not have at any price gives way to what is like it within the price.
  expect(await titles('handbag under 50')).toContain('Bag');

  expect(await titles('cheapest dress')).toEqual(['Red dress', 'Blue dress', 'Red gown', 'Green dress']);
  expect((await titles('teuerste'))[0]).toBe('Red gown');
  expect((await ask('cheapest')).understood).toMatchObject({
    together: 6,
    parts: [{ kind: 'order', text: 'cheapest', found: 5 }],
  });
  expect(await titles('70-90')).toEqual(expect.arrayContaining(['Red dress', 'Blue dress']));
  expect((await ask('70-90')).understood.parts).toMatchObject([{ kind: 'price', found: 2 }]);
  expect((await ask('7000-9000')).understood.parts).toMatchObject([{ kind: 'text' }, { kind: 'text' }]);
});

test('what was understood is answered, with what found nothing; a title that is typed comes first; a shop adds words', async () => {
  const { engine, dataDir } = await byFields();
  const ask = async (words: string, more: Partial<SearchRequest> = {}) =>
    engine.search({ query: { kind: 'words', words }, ...more });
  const { understood, results, total } = await ask('dress not striped, velvet');
  expect(understood.parts).toMatchObject([
    { kind: 'category', text: 'dress', values: ['Dresses'], found: 3 },
    { kind: 'property', text: 'not striped', not: true, span: { of: 'words', start: 6, end: 17 }, found: 1 },
    { kind: 'property', text: 'velvet', values: [], found: 0 },
  ]);
  expect(results.every(({ title }) => title !== 'Striped dress')).toBe(true);
  expect([total, understood.together]).toEqual([2, 2]);
  // A word without a meaning saves nothing of what is not wanted, and neither does a size after it.
  for (const words of ['dress without stripes flurble', 'dress not striped size 44'])
    expect((await ask(words)).results.map(({ title }) => title)).not.toContain('Striped dress');
  expect((await ask('coat under 50')).understood).toMatchObject({
    together: 0,
    parts: [{ found: 1 }, { found: 0 }],
  });
  // Half of the words are no dress, so no dress fits well.
  const bandOf = async (words: string) => (await ask(words)).results[0]?.band;
  expect([await bandOf('dress'), await bandOf('velvet dress'), await bandOf('dress not velvet')]).toEqual([
    'close',
    'similar',
    'close',
  ]);

  // Words that mean something else by themselves, where they are a title.
  expect((await ask('wool coat')).results[0]).toMatchObject({ productId: 'p3', band: 'close' });
  expect((await ask('jakcet')).understood.parts).toMatchObject([
    { kind: 'text', readAs: null, suggestions: ['jacket'], found: 0 },
  ]);
  expect((await ask('AB-12')).understood.parts).toMatchObject([{ kind: 'code', found: 1 }]);
  expect((await ask('red', { filters: { price: { min: 50 } } })).total).toBe(0);

  expect((await ask('wraps')).results).toEqual([]);
  await writeFile(join(dataDir, 'synonyms.txt'), '# ours\nwraps, coats\n');
  expect(await idsOf(engine, { query: { kind: 'words', words: 'wraps' } })).toEqual(['p3']);
  await writeFile(join(dataDir, 'synonyms.txt'), 'x,'.repeat(600_000));
  expect((await ask('wraps')).results).toEqual([]);
  expect((await engine.status()).notices).toMatchObject([{ code: 'SYNONYMS_NOT_READ' }]);
  await writeFile(join(dataDir, 'synonyms.txt'), '');
  expect((await engine.status()).notices).toEqual([]);
  await writeFile(join(dataDir, 'synonyms.txt'), Buffer.from([0xff, 0xfe, 0x80, 0x0a]));
  expect((await engine.status()).notices).toMatchObject([{ code: 'SYNONYMS_NOT_READ' }]);
});

test('fields alone: filters, without and facets', async () => {
  const { engine } = await byFields();
  const query = { kind: 'words', words: 'acme' } as const;
  expect(await idsOf(engine, { query, filters: { price: { min: 50 } } })).toEqual(['p3']);
  expect(await idsOf(engine, { query, without: 'coats' })).toEqual(['p1']);
  const { total, facets } = await engine.search({ query, filters: { category: ['Coats'] } });
  expect(total).toBe(1);
  expect(facets.category).toEqual([
    { value: 'Coats', count: 1 },
    { value: 'Dresses', count: 1 },
  ]);
});

test('a picture and words with a model without words: what fields name first, nearest first', async () => {
  const { engine } = await byFields();
  const all = await idsOf(engine, { query: { kind: 'product', productId: 'p0' } });
  const dresses = await idsOf(engine, {
    query: { kind: 'product', productId: 'p0', words: 'dress', balance: 0.6 },
  });
  const named = all.filter((id) => ['p1', 'p2'].includes(id));
  expect(dresses).toEqual([...named, ...all.filter((id) => !named.includes(id))]);
});

test('other words, another balance, or other words to be without are another question', async () => {
  const { engine } = await shop(NUMBERED);
  const picture = { kind: 'photo', photo: await photo('red striped') } as const;
  const asked: SearchRequest[] = [
    { query: picture },
    { query: { ...picture, words: 'green' } },
    { query: { ...picture, words: 'blue' } },
    { query: { ...picture, words: 'blue', balance: 0.9 } },
    { query: { ...picture, words: 'blue', balance: 0.9 }, without: 'stripes' },
    { query: { ...picture, words: 'blue', balance: 0.9 }, without: 'ribbed' },
    { query: { kind: 'words', words: 'blue' } },
    { query: { kind: 'words', words: 'blue' }, without: 'ribbed' },
  ];
  for (const request of asked) expect((await engine.search(request)).timings.cached).toBe(false);
  for (const request of asked) expect((await engine.search(request)).timings.cached).toBe(true);
});

test('never stale: words are looked for in what is published now', async () => {
  const { engine, folder } = await byFields();
  const query = { kind: 'words', words: 'umbrella' } as const;
  expect(await idsOf(engine, { query })).toEqual([]);
  await runImport(engine, await writeFeed(folder, [...WORDED.slice(0, 3), item(3, { title: 'Umbrella' })]));
  expect(await idsOf(engine, { query })).toEqual(['p3']);
  expect(await idsOf(engine, { query: { kind: 'words', words: 'coat' } })).toEqual([]);
  const [, before] = await engine.catalog.history.list();
  await engine.rollBack(before?.version ?? 0);
  expect(await idsOf(engine, { query })).toEqual([]);
  expect(await idsOf(engine, { query: { kind: 'words', words: 'coat' } })).toEqual(['p3']);
});
