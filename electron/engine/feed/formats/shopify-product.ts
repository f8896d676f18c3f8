import type { Availability } from '../../../contract/catalog.ts';
import type { FaultParams } from '../../../contract/faults.ts';
import { readYesNo } from '../availability.ts';
import { type FeedPart, type Fields, isRecord, listOf } from '../format.ts';
import { plainText } from '../plain-text.ts';
import { invalidItem, problem } from '../problem.ts';
import { isUrl } from '../resource.ts';

const COLOR_OPTION = /^(colou?r|farbe|couleur|colore|kleur|màu|màu sắc)$/i;
/** Shopify's name for the only variant of a product that has no variants. */
const ONLY_VARIANT = 'Default Title';

/**
 * The variants of a Shopify product, each as a product of format v1. A product that the shop does not show is one problem.
 * @param product in the form of the Admin API, `products.json` or `products/*.js`
 * @param url of the feed, for the address of the product's page
 */
export function* shopifyVariants(product: unknown, url: string): Generator<FeedPart> {
  if (!isRecord(product)) {
    yield { fields: product };
    return;
  }
  const name = String(product.handle || product.title || product.id || 'A product');
  const reason = unpublished(product);
  if (reason) {
    yield { problem: problem(name, { code: 'ITEM_NOT_PUBLISHED', params: { reason, count: 1 } }) };
    return;
  }
  const listed = listOf(product.variants);
  if (listed.length === 0) {
    yield { problem: invalidItem(String(product.id ?? name), { reason: 'no-variants' }) };
  }
  if (product.more_variants === true) {
    yield { problem: problem(name, { code: 'VARIANTS_CUT', params: { count: 1 } }) };
  }
  const pictures = picturesOf(product);
  for (const variant of listed) {
    yield { fields: isRecord(variant) ? item(product, variant, pictures, url) : variant };
  }
}

/** Why the shop's customers do not see the product; null when they do. Missing fields mean nothing. */
function unpublished(product: Fields): FaultParams['ITEM_NOT_PUBLISHED']['reason'] | null {
  const { status, published, published_at: at } = product;
  const stands = typeof status === 'string' ? status.trim().toLowerCase() : '';
  if (stands === 'draft' || stands === 'archived') return stands;
  // A time in the future is a planned publication.
  const planned = typeof at === 'string' && Date.parse(at) > Date.now();
  return at === null || planned || readYesNo(published ?? '') === false ? 'unpublished' : null;
}

function item(product: Fields, variant: Fields, pictures: readonly Picture[], url: string): Fields {
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
  const money = moneyOf(product, variant);
  return {
    id: variant.id,
    sku: variant.sku,
    title: named ? `${title} – ${variant.title}` : title,
    images: imagesOf(pictures, variant),
    price: money.price,
    category: type,
    brand: vendor,
    color: color && options[color],
    availability: stockOf(variant),
    url: isUrl(url) && handle ? new URL(`/products/${handle}?variant=${variant.id}`, url).href : null,
    groupId: product.id,
    stock: variant.inventory_management === null ? undefined : variant.inventory_quantity,
    gtin: variant.barcode,
    attributes: {
      ...Object.fromEntries(Object.entries(options).filter(([name]) => name !== color)),
      ...present({ tags, handle, published, compareAtPrice: money.compareAt, barcode: variant.barcode }),
      ...(typeof body === 'string' && body !== '' && { description: plainText(body) }),
    },
  };
}

/**
 * The price of a variant. Only `products/*.js` has `price_varies`, and its prices are in hundredths, whatever the currency.
 * During a sale the variant's price is the sale price; the price it is compared with is only shown.
 */
function moneyOf(product: Fields, variant: Fields): { price: unknown; compareAt: unknown } {
  const hundredths = 'price_varies' in product;
  const amount = (value: unknown) => (hundredths && typeof value === 'number' ? value / 100 : value);
  return { price: amount(variant.price), compareAt: amount(variant.compare_at_price) };
}

/**
 * The storefront's own statement, or else the quantity. A variant with an untracked quantity can always be bought, and one
 * that is sold without stock can be ordered.
 */
function stockOf(variant: Fields): unknown {
  const { available, inventory_quantity: quantity, inventory_policy: policy } = variant;
  if (available !== undefined && available !== null) return available;
  const inStock: Availability = 'in stock';
  if (variant.inventory_management === null) return inStock;
  if (quantity === undefined || quantity === null || quantity === '') return undefined;
  if (Number(quantity) > 0) return inStock;
  return policy === 'continue' ? 'backorder' : 'out of stock';
}

/** `{ Size: "M", Color: "Green" }` from the product's `options` and the variant's `option1` to `option3`. */
function optionsOf(product: Fields, variant: Fields): Record<string, unknown> {
  const named = listOf(product.options).map((option, index) => {
    const name = isRecord(option) ? option.name : option;
    return [String(name), variant[`option${index + 1}`]];
  });
  return present(
    Object.fromEntries(named.filter(([name, value]) => name !== 'Title' || value !== ONLY_VARIANT)),
  );
}

/** A picture of a product. */
interface Picture {
  src: unknown;
  id: unknown;
  /** Ids of the variants that it shows; empty when it shows no particular variant. */
  shows: ReadonlySet<unknown>;
}

function picturesOf({ images, image }: Fields): Picture[] {
  const listed = listOf(images);
  return (listed.length > 0 ? listed : listOf(image)).map((each) =>
    isRecord(each)
      ? { src: each.src, id: each.id, shows: new Set(listOf(each.variant_ids)) }
      : { src: each, id: undefined, shows: new Set() },
  );
}

/** The variant's own pictures, then those of no particular variant; all pictures when there are neither. */
function imagesOf(pictures: readonly Picture[], variant: Fields): unknown[] {
  const featured = isRecord(variant.featured_image) ? [variant.featured_image.src] : [];
  const own = pictures.filter(
    ({ id, shows }) => shows.has(variant.id) || (id !== undefined && id === variant.image_id),
  );
  const shared = pictures.filter(({ shows }) => shows.size === 0);
  const chosen = [...featured, ...[...own, ...shared].map(({ src }) => src)];
  return chosen.length > 0 ? chosen : pictures.map(({ src }) => src);
}

function present(fields: Fields): Fields {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null && value !== ''),
  );
}
