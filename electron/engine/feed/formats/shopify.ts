import type { FeedDocument } from '../document.ts';
import { type FeedPart, type Format, isRecord } from '../format.ts';
import { invalidFeed } from '../invalid-feed.ts';
import { jsonValues } from '../json.ts';
import { isJsonLines, jsonLines } from '../json-lines.ts';
import { isUrl } from '../resource.ts';
import {
  asRestProduct,
  bulkProducts,
  isBulkExport,
  isConnection,
  isGraphqlProduct,
} from './shopify-graphql.ts';
import { shopifyVariants } from './shopify-product.ts';

/** At 30 products a page, the fewest Shopify answers with, this is 300,000 products. */
const MOST_PAGES = 10_000;
const ITEMS_LOOKED_AT = 20;

/**
 * Shopify's products as its shops and its Admin API give them: `products.json` page by page, a saved list of products, one
 * product a line, or one product; answers of its GraphQL APIs and exports of their bulk operations; pages joined to a list. Each variant is a product, in the group of Shopify's product. Pages follow `Link:
 * rel="next"`, or else `page=2`, `page=3`, ... until one is empty.
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
      for await (const { value } of jsonValues(document.text, [place], document.url))
        yield* shopifyVariants(asRestProduct(value), document.url);
      return;
    }
    yield* pages(document);
  },
};

const PAGE = '$.products.*';

/** Where in the document the products are, as a selector; null when it has none of Shopify's. */
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

/** A list of products, or what the GraphQL APIs give in its place. */
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
  let page: FeedDocument | null = document;
  let before: unknown = null;
  for (let number = 1; page; number++) {
    if (number > MOST_PAGES) throw invalidFeed(document.url, `It has more than ${MOST_PAGES} pages.`);
    let first: unknown = null;
    for await (const { value } of jsonValues(page.text, [PAGE], page.url)) {
      if (first === null) {
        first = isRecord(value) ? (value.id ?? 'none') : 'none';
        // A server that knows no pages answers with the same one for ever.
        if (first === before) return;
        if (number > 1) yield { furtherPage: page.url };
      }
      yield* shopifyVariants(value, page.url);
    }
    if (first === null && !(isRecord(page.json) && Array.isArray(page.json.products))) {
      throw invalidFeed(page.url, `Page ${number} of the feed has no list of "products".`);
    }
    before = first;
    page = first === null ? null : await nextPage(page);
  }
}

function nextPage({ url, links, open }: FeedDocument): Promise<FeedDocument> | null {
  if (links.next) return open(links.next);
  // A server that tells of its pages, and not of a next one, is at its end.
  if (!isUrl(url) || 'prev' in links || 'previous' in links) return null;
  const next = new URL(url);
  next.searchParams.set('page', String(Number(next.searchParams.get('page') ?? '1') + 1));
  return open(next.href);
}
