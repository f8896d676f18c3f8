import type { FeedDocument } from '../document.ts';
import { type FeedPart, type Format, isRecord } from '../format.ts';
import { invalidFeed } from '../invalid-feed.ts';
import { isJsonLines, jsonLines } from '../json-lines.ts';
import { jsonPage, type PageSigns } from '../page-signs.ts';
import { MOST_PAGES } from '../pages.ts';
import { isUrl } from '../resource.ts';
import {
  asRestProduct,
  bulkProducts,
  isBulkExport,
  isConnection,
  isGraphqlProduct,
} from './shopify-graphql.ts';
import { shopifyVariants } from './shopify-product.ts';

const ITEMS_LOOKED_AT = 20;

/**
 * Shopify's products from its shops and its Admin API: `products.json` page by page, a saved list of products, one product a
 * line, or one product; responses of its GraphQL APIs and exports of their bulk operations; pages joined to a list. Each
 * variant is a product, in the group of Shopify's product. Pages follow `Link: rel="next"`, or else `page=2`, `page=3`, ...
 * until one is empty.
 */
export const shopify: Format = {
  recognises: ({ json }) => placeOf(json) !== null,

  async *read(document) {
    if (isJsonLines(document.head)) {
      const bulk = isBulkExport(document.json);
      for await (const part of bulk ? bulkProducts(document) : jsonLines(document)) {
        if ('product' in part) yield* shopifyVariants(asRestProduct(part.product), document.url);
        else if ('fields' in part) yield* shopifyVariants(asRestProduct(part.fields), document.url);
        else yield part;
      }
      return;
    }
    const place = placeOf(document.json) ?? PAGE;
    if (place !== PAGE) {
      for await (const found of jsonPage(document, place)) {
        if ('value' in found) yield* shopifyVariants(asRestProduct(found.value), document.url);
        else yield found;
      }
      return;
    }
    yield* pages(document);
  },
};

const PAGE = '$.products.*';

/** The selector of the products in the document; null when it has no Shopify products. */
function placeOf(json: unknown): string | null {
  const place = placeIn(json, '$');
  if (place !== null || !Array.isArray(json)) return place;
  // Pages that someone has joined to one list.
  const places = json.slice(0, ITEMS_LOOKED_AT).map((page) => placeIn(page, '$.*'));
  return places.find((each) => each !== null && each !== '$.*') ?? null;
}

function placeIn(json: unknown, at: string): string | null {
  if (areProducts(json)) return `${at}.*`;
  if (!isRecord(json)) return null;
  const { products, data } = json;
  const list =
    listIn(products, `${at}.products`) ?? (isRecord(data) && listIn(data.products, `${at}.data.products`));
  if (list) return list;
  if (isProduct(json.product)) return `${at}.product`;
  return isProduct(json) ? at : null;
}

/** The selector of a list of products, or of a connection of the GraphQL APIs. */
function listIn(json: unknown, at: string): string | null {
  if (areProducts(json)) return `${at}.*`;
  if (!isConnection(json)) return null;
  if (areProducts(json.edges)) return `${at}.edges.*`;
  return areProducts(json.nodes) ? `${at}.nodes.*` : null;
}

const areProducts = (json: unknown): boolean =>
  Array.isArray(json) && json.slice(0, ITEMS_LOOKED_AT).some(isProduct);

const isProduct = (json: unknown): boolean =>
  isGraphqlProduct(json) ||
  (isRecord(json) && Array.isArray(json.variants) && ('handle' in json || 'body_html' in json));

async function* pages(document: FeedDocument): AsyncGenerator<FeedPart> {
  let page: FeedDocument = document;
  let before: unknown = null;
  let signs: PageSigns | null = null;
  for (let number = 1; number <= MOST_PAGES; number++) {
    let first: unknown = null;
    for await (const found of jsonPage(page, PAGE)) {
      if ('page' in found) {
        signs = found.page;
        continue;
      }
      const { value } = found;
      if (first === null) {
        first = isRecord(value) ? (value.id ?? 'none') : 'none';
        // A server without pages answers every page number with the same page.
        if (first === before) {
          yield { page: signs ?? 'all' };
          return;
        }
        if (number > 1) yield { furtherPage: page.url };
      }
      yield* shopifyVariants(value, page.url);
    }
    if (first === null && !(isRecord(page.json) && Array.isArray(page.json.products))) {
      throw invalidFeed(page.url, { reason: 'no-products-on-page', page: number });
    }
    // A file, or another system's list in Shopify's form that says itself whether there are more pages.
    if (signs && !page.links.next && (!isUrl(page.url) || signs.more !== null)) {
      yield { page: signs };
      return;
    }
    before = first;
    const next: FeedDocument | null = first === null ? null : await nextPage(page);
    if (!next) {
      yield { page: 'all' };
      return;
    }
    page = next;
  }
  throw invalidFeed(document.url, { reason: 'pages', most: MOST_PAGES });
}

function nextPage({ url, links, open }: FeedDocument): Promise<FeedDocument> | null {
  if (links.next) return open(links.next);
  // A server that sends page links, but none to a next page, is at its last page.
  if (!isUrl(url) || 'prev' in links || 'previous' in links) return null;
  const next = new URL(url);
  next.searchParams.set('page', String(Number(next.searchParams.get('page') ?? '1') + 1));
  return open(next.href);
}
