import { Parser } from 'htmlparser2';
import type { FeedDocument } from '../document.ts';
import { type FeedPart, type Fields, type Format, isRecord, listOf } from '../format.ts';
import { invalidFeed } from '../invalid-feed.ts';
import { isJsonLines, jsonLines } from '../json-lines.ts';
import { jsonPage } from '../page-signs.ts';
import { plainText } from '../plain-text.ts';
import { invalidItem } from '../problem.ts';

const MOST_CHARACTERS_OF_A_PAGE = 20_000_000;
/** A head of this length may have been truncated (`document.ts`). */
const LONG_PAGE = 900_000;
const DEEPEST_NODE = 64;
const PRODUCTS = ['Product', 'IndividualProduct', 'ProductModel', 'SomeProducts'];
/** Members that are read into fields of their own, or describe the document and not the product. */
const NOT_ATTRIBUTES =
  '@context @type @id name image sku productID url brand color category offers description inProductGroupWithID isVariantOf hasVariant'.split(
    ' ',
  );

/** schema.org products as JSON-LD: one, a list, a graph or an ItemList, as a document or in the scripts of a web page. */
export const schemaOrg: Format = {
  recognises({ json, head }) {
    // The scripts may be in the part of the page behind its head.
    if (isWebPage(head)) return /application\/ld\+json/i.test(head) || head.length >= LONG_PAGE;
    const [first] = listOf(json);
    return isRecord(first) && ['@context', '@graph', '@type'].some((name) => name in first);
  },

  async *read(document) {
    if (document.head.startsWith('<')) {
      for (const data of await scriptsOf(document)) yield* products(data, {}, 0);
      return;
    }
    if (isJsonLines(document.head)) {
      for await (const part of jsonLines(document)) {
        if ('fields' in part) yield* products(part.fields, {}, 0);
        else yield part;
      }
      return;
    }
    for await (const found of jsonPage(document, selector(document.json))) {
      if ('value' in found) yield* products(found.value, {}, 0);
      else yield found;
    }
  },
};

/** Whether a document begins like a web page. A feed may begin with a comment too. */
export function isWebPage(head: string): boolean {
  const page = /^(<\?xml[^>]*>\s*)?<(!doctype\s+html|html|head|body|!--)/i.test(head);
  return page && !/<(rss|feed|rdf:RDF)[\s>]/i.test(head.slice(0, 4000));
}

function selector(json: unknown): string {
  if (Array.isArray(json)) return '$.*';
  if (isRecord(json) && Array.isArray(json['@graph'])) return '$.@graph.*';
  return isRecord(json) && Array.isArray(json.itemListElement) ? '$.itemListElement.*' : '$';
}

/** The JSON-LD of a web page. */
async function scriptsOf({ text, url }: FeedDocument): Promise<unknown[]> {
  const scripts: string[] = [];
  let inside = false;
  const parser = new Parser({
    onopentag: (name, { type }) => {
      inside = name === 'script' && /^application\/ld\+json\b/i.test(type ?? '');
      if (inside) scripts.push('');
    },
    ontext: (part) => {
      if (inside) scripts.push((scripts.pop() ?? '') + part);
    },
    onclosetag: () => {
      inside = false;
    },
  });
  let length = 0;
  for await (const chunk of text) {
    length += chunk.length;
    if (length > MOST_CHARACTERS_OF_A_PAGE) {
      throw invalidFeed(url, { reason: 'page-long', most: MOST_CHARACTERS_OF_A_PAGE });
    }
    parser.write(chunk);
  }
  parser.end();
  if (inside) throw invalidFeed(url, { reason: 'page-cut' });
  if (scripts.length === 0) throw invalidFeed(url, { reason: 'web-page' });
  return scripts.map((script) => {
    try {
      return JSON.parse(script);
    } catch (cause) {
      throw invalidFeed(url, { reason: 'page-damaged' }, cause);
    }
  });
}

/**
 * @param inherited fields that the node's group gives its variants
 * @param depth nesting of the node: products are never nested deeply, and a hostile graph must not exhaust the stack
 */
function* products(node: unknown, inherited: Fields, depth: number): Generator<FeedPart> {
  if (depth > DEEPEST_NODE) {
    yield { problem: invalidItem('@graph', { reason: 'too-deep', most: DEEPEST_NODE }) };
  } else if (Array.isArray(node)) {
    for (const inner of node) yield* products(inner, inherited, depth + 1);
  } else if (isRecord(node)) {
    const types = listOf(node['@type']);
    const inner = [node['@graph'], node.itemListElement, node.item, node.mainEntity].filter(Boolean);
    if (types.includes('ProductGroup') && node.hasVariant)
      yield* products(node.hasVariant, groupFields(node), depth + 1);
    else if (types.some((type) => PRODUCTS.includes(String(type)))) yield { fields: item(node, inherited) };
    else yield* products(inner, inherited, depth + 1);
  }
}

function groupFields({ name, image, brand, color, category, description, url, ...group }: Fields): Fields {
  const shared = { name, image, brand, color, category, description, url };
  const given = Object.entries(shared).filter(([, value]) => value !== undefined);
  return { ...Object.fromEntries(given), inProductGroupWithID: group.productGroupID ?? group['@id'] };
}

function item(own: Fields, inherited: Fields): Fields {
  const node = { ...inherited, ...own };
  const attributes = Object.entries(node).filter(([name]) => !NOT_ATTRIBUTES.includes(name));
  const offer = offerOf(node.offers);
  const group = isRecord(node.isVariantOf)
    ? (node.isVariantOf.productGroupID ?? node.isVariantOf['@id'])
    : undefined;
  return {
    id: node.sku ?? node.productID ?? node['@id'] ?? node.url,
    sku: node.sku,
    title: node.name,
    images: listOf(node.image).map((image) => (isRecord(image) ? (image.contentUrl ?? image.url) : image)),
    brand: named(node.brand),
    color: node.color,
    category: named(node.category),
    url: node.url,
    groupId: node.inProductGroupWithID ?? group,
    size: named(node.size),
    stock: stockIn(node.offers),
    ...offer,
    attributes: {
      ...Object.fromEntries(attributes),
      ...(offer.price === undefined && node.offers !== undefined && { offers: node.offers }),
      ...(typeof node.description === 'string' && { description: plainText(node.description) }),
    },
  };
}

const named = (value: unknown): unknown => (isRecord(value) ? value.name : value);

/** `inventoryLevel` of a single offer, a number or a QuantitativeValue. */
function stockIn(offers: unknown): unknown {
  const [offer, ...others] = listOf(offers).filter(isRecord);
  const level = others.length === 0 ? offer?.inventoryLevel : undefined;
  return isRecord(level) ? level.value : level;
}

/** Price and availability when all offers agree. A range of prices gives no price. */
function offerOf(offers: unknown): Fields {
  const all = listOf(offers)
    .filter(isRecord)
    .flatMap((offer) => (Array.isArray(offer.offers) ? offer.offers.filter(isRecord) : [offer]));
  const prices = all.map((offer) => {
    const [specified] = listOf(offer.priceSpecification).filter(isRecord);
    const low = offer.lowPrice === offer.highPrice ? offer.lowPrice : undefined;
    return {
      price: offer.price ?? specified?.price ?? low,
      currency: offer.priceCurrency ?? specified?.priceCurrency,
      availability: offer.availability,
    };
  });
  const agreed = (field: 'price' | 'currency' | 'availability') => {
    const values = new Set(prices.map((price) => price[field]).filter((value) => value !== undefined));
    return values.size === 1 ? [...values][0] : undefined;
  };
  const fields = {
    price: agreed('price'),
    currency: agreed('currency'),
    availability: agreed('availability'),
  };
  return fields;
}
