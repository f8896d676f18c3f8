import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { openEngine } from '../../open-engine.ts';
import { drawPicture, importedCatalog, item, MODELS, range } from '../../test-catalog.ts';

/** Eight products of two kinds, in euros, and one in dollars. */
const PRODUCTS = [
  ...range(8).map((seed) =>
    item(seed, {
      sku: `4${seed}`,
      category: seed < 4 ? 'Coats' : 'Shoes',
      price: 100 + 10 * seed,
      currency: 'EUR',
    }),
  ),
  item(8, { sku: '48', category: 'Coats', price: 90, currency: 'USD' }),
];

/** A competitor's list: what we have, at other prices, and two pictures of something that we have not. */
const LIST = `image,title,category,price,currency,shop
0.png,Coat,Jackets,120,EUR,Harrow
1.png,Coat,Jackets,99,EUR,Harrow
4.png,Shoe,Shoes,140,GBP,Harrow
5.png,Shoe,Shoes,150,,Harrow
6.png,Shoe,Shoes,,,Harrow
70.png,Lamp,Lamps,40,EUR,Harrow
71.png,Lamp,Lamps,60,EUR,Harrow
72.png,Rug,,500,EUR,Harrow
`;

type Comparisons = Awaited<ReturnType<typeof openEngine>>['comparisons'];

async function pilesOf(of: Comparisons, id: string, signal?: AbortSignal) {
  const steps = of.piles(id, signal);
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}

test('a comparison tells hits, prices by currency and gaps in piles, whose names can be undone and stay', {
  timeout: 120_000,
}, async () => {
  const { folder, dataDir } = await importedCatalog(PRODUCTS, range(9));
  const pile = join(folder, 'Harrow');
  await mkdir(pile);
  for (const seed of [0, 1, 4, 5, 6, 70, 71, 72])
    await writeFile(join(pile, `${seed}.png`), await drawPicture(seed));
  await writeFile(join(pile, 'list.csv'), LIST);
  const open = () => openEngine({ dataDir, modelRoots: [MODELS], sampleFeed: join(dataDir, 'none.json') });
  const engine = await open();
  const { comparisons } = engine;
  const { id } = await comparisons.create({
    paths: [join(pile, 'list.csv')],
    pictures: [],
    competitor: null,
  });
  expect(await comparisons.overview(id)).toMatchObject({
    hits: [],
    stylesHit: 0,
    prices: { priced: 0, currencies: [] },
  });
  expect(await pilesOf(comparisons, id)).toMatchObject({ piles: [] });
  await comparisons.run({ id, failed: false, again: false });
  await comparisons.ended(id);
  // All rows name one competitor.
  expect((await comparisons.state(id)).comparison.competitor).toBe('Harrow');

  // Until a person has matched it, a picture counts in the category that the list gives it, however close its first candidate is.
  const undecided = (await comparisons.overview(id)).prices.currencies;
  const ofTheirs = undecided.flatMap(({ categories }) => categories.map(({ category }) => category));
  expect(new Set(ofTheirs)).toEqual(new Set(['Jackets', 'Shoes', 'Lamps', null]));
  await comparisons.decide({ id, rows: [1, 2], match: 'same' });
  await comparisons.decide({ id, rows: [3, 4, 5], match: 'equivalent' });
  // Two pictures, one style.
  await comparisons.decide({ id, rows: [2], match: 'similar', product: 'p0' });
  await comparisons.decide({ id, rows: [6, 7], match: 'none' });
  await comparisons.decide({ id, rows: [8], match: 'none' });

  const { hits, stylesHit, prices } = await comparisons.overview(id);
  expect(stylesHit).toBe(4);
  expect(hits[0]).toMatchObject({ product: { sku: '40' }, same: 1, equivalent: 0, similar: 1 });
  const style = [hits[0]?.product.styleId ?? ''];
  expect((await comparisons.order({ id, filters: { style }, sort: 'row' })).rows).toEqual([1, 2]);

  expect(prices).toMatchObject({ priced: 7, apart: 2, unpriced: 1, fault: null });
  expect(prices.ours).toEqual({ styles: 9, total: 9, elsewhere: 1 });
  const [euros, pounds, unstated] = prices.currencies;
  expect(euros).toMatchObject({
    currency: 'EUR',
    all: {
      theirs: { count: 4, entry: 40, median: 79.5, exit: 120 },
      // Shoes of theirs are in other currencies.
      ours: { count: 4, entry: 100, exit: 130 },
    },
    // 100 beside 120, and 100 beside 99.
    pairs: { below: 1, level: 0, above: 1, median: -7.8 },
  });
  expect(euros?.categories).toMatchObject([
    {
      category: 'Coats',
      theirs: { count: 2, entry: 99, median: 109.5, exit: 120 },
      ours: { count: 4, median: 115 },
    },
    // What we have nothing like keeps their own category.
    { category: 'Lamps', theirs: { count: 2, median: 50 }, ours: null },
    // They do not say what it is, and nothing of ours is like it.
    { category: null, theirs: { count: 1, median: 500 }, ours: null },
  ]);
  expect(pounds).toMatchObject({ currency: 'GBP', all: { theirs: { count: 1 }, ours: null } });
  expect(unstated).toMatchObject({ currency: null, all: { theirs: { count: 1 }, ours: null } });

  // Asked once: the price of which no currency is stated joins those in euros, and no other one does.
  const currencies = async () =>
    (await comparisons.overview(id)).prices.currencies.map(({ currency, all: { theirs } }) => [
      currency,
      theirs?.count,
    ]);
  const change = await comparisons.namePriceCurrency({ id, currency: 'EUR' });
  expect(change.rows.find(({ row }) => row === 4)?.sources[0]?.facts).toMatchObject({ currency: 'EUR' });
  expect(await currencies()).toEqual([
    ['EUR', 5],
    ['GBP', 1],
  ]);
  await comparisons.undo(id);
  expect(await currencies()).toContainEqual([null, 1]);

  // Who stops the piling stops it for all who wait for the same, and it can be asked for again.
  const stop = new AbortController();
  const both = Promise.allSettled([pilesOf(comparisons, id), pilesOf(comparisons, id, stop.signal)]);
  stop.abort(new Error('stopped'));
  expect((await both).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  const { piles } = await pilesOf(comparisons, id);
  expect(piles.flatMap(({ missing }) => missing).sort()).toEqual([6, 7, 8]);
  const rows = piles[0]?.missing ?? [];
  await comparisons.namePile({ id, rows, name: 'Lamps' });
  await comparisons.namePile({ id, rows, name: 'Table lamps' });
  expect((await pilesOf(comparisons, id)).piles[0]?.name).toBe('Table lamps');
  expect((await comparisons.undo(id)).canUndo).toBe(true);
  expect((await pilesOf(comparisons, id)).piles[0]?.name).toBe('Lamps');
  await comparisons.redo(id);
  // A picture leaves its pile and comes back, and another is decided as missing.
  await comparisons.decide({ id, rows: rows.slice(0, 1), match: 'unsure' });
  await comparisons.decide({ id, rows: [5], match: 'none' });
  await comparisons.decide({ id, rows: rows.slice(0, 1), match: 'none' });
  const named = async (of: typeof comparisons) =>
    (await pilesOf(of, id)).piles.find(({ missing }) => missing.includes(rows[0] ?? 0))?.name;
  expect(await named(comparisons)).toBe('Table lamps');

  // The same numbers in what is written.
  const written = async (format: 'html' | 'json' | 'csv') => {
    const path = join(folder, `report.${format}`);
    await comparisons.export({ id, path, format, filters: {} });
    return readFile(path, 'utf8');
  };
  const report = await written('html');
  expect(report.match(/<svg/g)).toHaveLength(2 * prices.currencies.length);
  expect(report).toContain('Table lamps');
  expect(report).toContain('€20 cheaper (−16.7 %)');
  expect(report).not.toContain('<script');
  // A gap is shown once, in its pile, with what the list says of it.
  expect(report).toContain('<figcaption><span>Lamp</span><b>€40</b></figcaption>');
  expect(report).not.toContain('Missing in our range');
  const json = JSON.parse(await written('json'));
  expect(json.overview.prices.currencies[0]).toMatchObject({
    currency: 'EUR',
    pairs: { below: 1, above: 1 },
  });
  expect(json.piles).toContainEqual(expect.objectContaining({ name: 'Table lamps' }));
  expect(json.rows[0].price).toEqual({
    ours: 100,
    theirs: 120,
    currency: 'EUR',
    difference: -20,
    percent: -16.7,
  });
  expect(json.rows[2].price).toBeNull();
  const [head = '', first = ''] = (await written('csv')).split('\r\n').map((line) => line.split(','));
  expect(first[head.indexOf('price_difference')]).toBe('-20');
  expect(first[head.indexOf('price_difference_percent')]).toBe('-16.7');
  await engine.close();

  const reopened = await open();
  expect(await named(reopened.comparisons)).toBe('Table lamps');
  await reopened.close();
});
