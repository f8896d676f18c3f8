import type { FeedDocument } from '../document.ts';
import { type FeedPart, type Fields, type Format, isRecord, listOf } from '../format.ts';
import { invalidFeed } from '../invalid-feed.ts';
import { jsonValues } from '../json.ts';
import { plainText } from '../plain-text.ts';
import { problem } from '../product.ts';
import { isUrl } from '../resource.ts';

/** At 30 products a page, the fewest Shopify answers with, this is 300,000 products. */
const MOST_PAGES = 10_000;
const COLOR_OPTION = /^(colou?r|farbe|couleur|colore|kleur)$/i;
/** Shopify's name for the only variant of a product that has no variants. */
const ONLY_VARIANT = 'Default Title';

/**
 * Shopify's `products.json`: each variant is a product, in the group of Shopify's product. Pages follow `Link:
 * rel="next"`, or else `page=2`, `page=3`, ... until one is empty.
 */
export const shopify: Format = {
  recognises({ json }) {
    if (!isRecord(json) || !Array.isArray(json.products)) return false;
    const [first] = json.products;
    return isRecord(first) && Array.isArray(first.variants) && ('handle' in first || 'body_html' in first);
  },

  async *read(document) {
    let page: FeedDocument | null = document;
    let before: unknown = null;
    for (let number = 1; page; number++) {
      if (number > MOST_PAGES) throw invalidFeed(document.url, `It has more than ${MOST_PAGES} pages.`);
      let first: unknown = null;
      for await (const { value } of jsonValues(page.text, ['$.products.*'], page.url)) {
        if (first === null) {
          first = isRecord(value) ? (value.id ?? 'none') : 'none';
          // A server that knows no pages answers with the same one for ever.
          if (first === before) return;
          if (number > 1) yield { furtherPage: page.url };
        }
        yield* variants(value, page.url);
      }
      if (first === null && !(isRecord(page.json) && Array.isArray(page.json.products))) {
        throw invalidFeed(page.url, `Page ${number} of the feed has no list of "products".`);
      }
      before = first;
      page = first === null ? null : await nextPage(page);
    }
  },
};

function nextPage({ url, links, open }: FeedDocument): Promise<FeedDocument> | null {
  if (links.next) return open(links.next);
  // A server that tells of its pages, and not of a next one, is at its end.
  if (!isUrl(url) || 'prev' in links || 'previous' in links) return null;
  const next = new URL(url);
  next.searchParams.set('page', String(Number(next.searchParams.get('page') ?? '1') + 1));
  return open(next.href);
}

function* variants(product: unknown, url: string): Generator<FeedPart> {
  if (!isRecord(product)) {
    yield { fields: product };
    return;
  }
  const listed = listOf(product.variants);
  if (listed.length === 0) {
    const name = String(product.id ?? product.title ?? 'A product');
    yield { problem: problem(name, 'ITEM_INVALID', 'It has no variants.') };
  }
  for (const variant of listed) yield { fields: isRecord(variant) ? item(product, variant, url) : variant };
}

function item(product: Fields, variant: Fields, url: string): Fields {
  const {
    title,
    body_html: body,
    vendor,
    product_type: type,
    tags,
    handle,
    published_at: published,
  } = product;
  const options = optionsOf(product, variant);
  const color = Object.keys(options).find((name) => COLOR_OPTION.test(name));
  const named = typeof variant.title === 'string' && variant.title !== ONLY_VARIANT;
  return {
    id: variant.id,
    sku: variant.sku,
    title: named ? `${title} – ${variant.title}` : title,
    images: imagesOf(product, variant),
    price: variant.price,
    category: type,
    brand: vendor,
    color: color && options[color],
    availability: variant.available,
    url: isUrl(url) && handle ? new URL(`/products/${handle}?variant=${variant.id}`, url).href : null,
    groupId: product.id,
    attributes: {
      ...Object.fromEntries(Object.entries(options).filter(([name]) => name !== color)),
      ...present({
        tags,
        handle,
        published,
        compareAtPrice: variant.compare_at_price,
        barcode: variant.barcode,
      }),
      ...(typeof body === 'string' && body !== '' && { description: plainText(body) }),
    },
  };
}

/** `{ Size: "M", Color: "Green" }` from `options` of the product and `option1` to `option3` of the variant. */
function optionsOf(product: Fields, variant: Fields): Record<string, unknown> {
  const named = listOf(product.options).map((option, index) => {
    const name = isRecord(option) ? option.name : option;
    return [String(name), variant[`option${index + 1}`]];
  });
  return present(
    Object.fromEntries(named.filter(([name, value]) => name !== 'Title' || value !== ONLY_VARIANT)),
  );
}

/** The variant's own pictures, then those that show no variant in particular; all of them when neither exists. */
function imagesOf(product: Fields, variant: Fields): unknown[] {
  const all = listOf(product.images).map((image) => (isRecord(image) ? image : { src: image }));
  const shows = (image: Fields) => listOf(image.variant_ids);
  const featured = isRecord(variant.featured_image) ? [variant.featured_image] : [];
  const own = all.filter((image) => shows(image).includes(variant.id) || image.id === variant.image_id);
  const shared = all.filter((image) => shows(image).length === 0);
  const chosen = [...featured, ...own, ...shared];
  return (chosen.length > 0 ? chosen : all).map((image) => image.src);
}

function present(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  );
}
