import { expect, test } from 'vitest';
import type { FeedMapping } from '../../contract/publishing.ts';
import { ids, readAll, readText, serve } from './test-feed.ts';

const product = (id: number) => ({
  id: `p${id}`,
  title: `P ${id}`,
  images: [`https://cdn.example/${id}.jpg`],
});
const products = [product(1), product(2)];
const graphql = (id: number) => ({
  id: `gid://shopify/Product/${id}`,
  title: `P ${id}`,
  variants: { nodes: [{ id: `gid://shopify/ProductVariant/${id}0`, title: 'Default Title', price: '1.00' }] },
  images: { nodes: [{ url: `https://cdn.example/${id}.jpg` }] },
});
const connection = (hasNextPage: boolean, ...nodes: unknown[]) => ({
  data: { products: { edges: nodes.map((node) => ({ node })), pageInfo: { hasNextPage, endCursor: 'c' } } },
});
const mapping: FeedMapping = {
  format: 'json-mapping',
  items: 'items',
  fields: { id: ['key'], title: ['label'], images: ['photo'] },
};
const items = [1, 2].map((id) => ({
  key: `p${id}`,
  label: `P ${id}`,
  photo: `https://cdn.example/${id}.jpg`,
}));

test.each([
  ['GraphQL', connection(true, graphql(1), graphql(2)), null],
  [
    'GraphQL, in the last of joined answers',
    [connection(false, graphql(1)), connection(true, graphql(2))],
    null,
  ],
  ['a next address before the items', { next: '/products?page=2', products }, null],
  ['a next address after the items', { count: 40, next: 'https://shop.example/?page=2', products }, 40],
  ['JSON:API and Laravel', { products, links: { first: '/?page=1', next: '/?page=2', prev: null } }, null],
  ['HAL', { _links: { self: { href: '/' }, next: { href: '/?page=2' } }, products }, null],
  ['Laravel, without a resource', { products, current_page: 1, last_page: 20, total: 40 }, 40],
  ['BigCommerce', { products, meta: { pagination: { total: 40, current_page: 1, total_pages: 20 } } }, 40],
  ['Spring', { products, page: { number: 0, totalPages: 20, totalElements: 40, size: 2 } }, 40],
  ['Stripe', { products, has_more: true }, null],
  ['a cursor', { products, response_metadata: {}, next_cursor: 'abc' }, null],
  ['a total, and a page of the full length', { products, total: 40, skip: 0, limit: 2 }, 40],
  ['Shopify’s list of some other system', { products: [rest(1), rest(2)], hasNext: true }, null],
])('a file that says it is one page of several: %s', async (_, document, total) => {
  const { paged, products: read, problems } = await readText(JSON.stringify(document));
  expect(paged).toEqual({ items: 2, total });
  expect({ read: read.length, problems }).toEqual({ read: 2, problems: [] });
});

test('a page of any JSON is known by the same signs', async () => {
  const text = JSON.stringify({ items, hasMore: true });
  expect((await readText(text, { mapping })).paged).toEqual({ items: 2, total: null });
});

test.each([
  ['nothing', { products }],
  ['the last of joined answers', [connection(true, graphql(1)), connection(false, graphql(2))]],
  ['no next page', { products, next: null, count: 40, has_more: false }],
  ['the only page', { products, current_page: 1, last_page: 1, total: 2, per_page: 50 }],
  ['a page that is not full', { products, total: 2, limit: 100 }],
  ['its own number', { products, count: 2, total: 2 }],
  [
    'when it is made next',
    { products, next: '2026-12-01', last: 'yesterday', links: { self: '/feed.json' } },
  ],
  ['the names of its products', { products: [{ ...product(1), next: '/p/2', has_more: true }, product(2)] }],
])('a feed that is whole: it says %s', async (_, document) => {
  const { paged, products: read, problems } = await readText(JSON.stringify(document));
  expect({ paged, problems, read: read.length }).toEqual({ paged: null, problems: [], read: 2 });
});

test('a number that is larger than the feed is said, as it may count something else', async () => {
  const { paged, problems } = await readText(JSON.stringify({ products, total: 5, limit: 100 }));
  expect(paged).toBeNull();
  expect(problems).toMatchObject([{ code: 'FEED_COUNT_DIFFERS', params: { items: 2, total: 5 } }]);
});

test('a product whose variants go on elsewhere is named', async () => {
  const { variants, ...coat } = graphql(1);
  const cut = { ...coat, variants: { ...variants, pageInfo: { hasNextPage: true } } };
  const { paged, products: read, problems } = await readText(JSON.stringify(connection(false, cut)));
  expect({ paged, ids: ids(read) }).toEqual({ paged: null, ids: ['10'] });
  expect(problems).toMatchObject([{ code: 'VARIANTS_CUT', params: { count: 1 } }]);
});

function rest(id: number) {
  return {
    id,
    title: `P ${id}`,
    handle: `p${id}`,
    variants: [{ id: id * 10, title: 'Default Title', price: '1.00' }],
    images: [{ src: `https://cdn.example/${id}.jpg` }],
  };
}

/** A server with three pages of one product each. @param say what a page says of the next one */
async function servePages(
  say: (page: number) => object,
  header: (page: number) => string | null = () => null,
) {
  const asked: string[] = [];
  const url = await serve((request, response) => {
    const address = new URL(request.url ?? '', 'http://shop');
    asked.push(address.search);
    const page = Number(address.searchParams.get('page') ?? (address.searchParams.get('cursor') || '1'));
    const link = header(page);
    if (link !== null) response.setHeader('link', link);
    response.end(JSON.stringify({ ...say(page), products: [product(page)] }));
  });
  return { url, asked };
}

test.each([
  ['an address', '/feed', (page: number) => ({ next: page < 3 ? `?page=${page + 1}` : null })],
  [
    'a cursor',
    '/feed?cursor=',
    (page: number) => ({ meta: { next_cursor: page < 3 ? `${page + 1}` : null } }),
  ],
  ['its number', '/feed', (page: number) => ({ current_page: page, total_pages: 3 })],
])('pages are followed by %s', async (_, path, say) => {
  const shop = await servePages(say);
  const { paged, products: read, validator } = await readAll(shop.url + path);
  expect({ paged, validator, ids: ids(read) }).toEqual({
    paged: null,
    validator: null,
    ids: ['p1', 'p2', 'p3'],
  });
});

test('pages are followed by the Link header', async () => {
  const header = (page: number) => (page < 3 ? `<?page=${page + 1}>; rel="next"` : null);
  const shop = await servePages(() => ({}), header);
  expect(ids((await readAll(`${shop.url}/feed`)).products)).toEqual(['p1', 'p2', 'p3']);
});

test.each([
  ['on another host', () => ({ next: 'http://other.example/feed?page=2' })],
  ['that is the same page again', () => ({ next: '?' })],
  ['behind a cursor that the address cannot hold', () => ({ next_cursor: '2' })],
])('a next page %s is not asked for, and the feed is known not to be whole', async (_, say) => {
  const shop = await servePages(say);
  const { paged, products: read } = await readAll(`${shop.url}/feed?`);
  expect({ paged, ids: ids(read) }).toEqual({ paged: { items: 1, total: null }, ids: ['p1'] });
  expect(shop.asked.length).toBeLessThan(3);
});
