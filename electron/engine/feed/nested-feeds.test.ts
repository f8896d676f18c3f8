import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ids, readText } from './test-feed.ts';

const GOOD = { id: 'good', title: 'Good', image: 'good.png' };
/** Built as text, because `JSON.stringify` recurses for each level. */
const nested = (depth: number, [open, close]: readonly [string, string]) =>
  open.repeat(depth) + close.repeat(depth);
const LIST = ['[', ']'] as const;
const OBJECT = ['{"a":[', ']}'] as const;
const NODE = ['{"@graph":[', ']}'] as const;
const item = (fields: string) => `{"id":"bad","title":"Bad",${fields}}`;
const good = JSON.stringify(GOOD);

test('an item nested deep is named, and the rest is read', async () => {
  const place = fc.constantFrom(
    '"attributes":{"x":%}',
    '"x":%',
    '"image":%',
    '"image":"a.png","price":%',
    '"image":"a.png","color":%',
  );
  const document = fc.constantFrom('[%,@]', '[@,%]', '{"version":1,"products":[%,@]}', '%\n@\n');
  const depth = fc.constantFrom(100, 5000, 50_000);
  await fc.assert(
    fc.asyncProperty(
      place,
      document,
      depth,
      fc.constantFrom(LIST, OBJECT),
      async (at, around, levels, marks) => {
        const bad = item(at.replace('%', nested(levels, marks)));
        const { products, problems } = await readText(around.replace('%', bad).replace('@', good));
        expect(ids(products)).toEqual(['good']);
        expect(problems).toMatchObject([
          { item: expect.stringMatching(/^(bad|item|line)/), code: 'ITEM_INVALID' },
        ]);
      },
    ),
    { numRuns: 30 },
  );
});

test.each([100, 5000, 50_000])('XML and JSON-LD nested %i deep', async (depth) => {
  const xmlItem = (id: string, more: string) =>
    `<item><g:id>${id}</g:id><title>T</title><g:image_link>https://x.example/a.png</g:image_link>${more}</item>`;
  const xml = await readText(
    `<rss><channel>${xmlItem('bad', '<x>'.repeat(depth) + '</x>'.repeat(depth))}${xmlItem('good', '')}</channel></rss>`,
  );
  expect(ids(xml.products)).toEqual(['good']);
  expect(xml.problems).toMatchObject([{ item: 'bad', code: 'ITEM_INVALID' }]);

  const product = '{"@type":"Product","sku":"good","name":"T","image":"https://x.example/a.png"}';
  const graph = `{"@context":"https://schema.org","@graph":[${nested(depth, NODE)},${product}]}`;
  const page = `<!doctype html><script type="application/ld+json">${graph}</script>`;
  for (const text of [graph, page, `[${nested(depth, NODE)},${product}]`]) {
    const { products, problems } = await readText(text);
    expect(ids(products)).toEqual(['good']);
    expect(problems).toMatchObject([{ code: 'ITEM_INVALID' }]);
  }
});

test('a product with 130,000 references that cannot be used costs itself alone, in a few lines', async () => {
  const images = Array.from({ length: 130_000 }, (_, n) => `nowhere:${n}`);
  const { products, problems } = await readText(JSON.stringify([{ id: 'bad', title: 'Bad', images }, GOOD]));
  expect(ids(products)).toEqual(['good']);
  expect(problems).toHaveLength(21);
  expect(problems.at(-1)).toMatchObject({ item: 'bad', params: { reason: 'more', more: 129_980 } });
});
