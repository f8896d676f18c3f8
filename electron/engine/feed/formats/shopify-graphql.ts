import { MOST_HELD_CHARACTERS } from '../../../contract/limits.ts';
import type { FeedDocument } from '../document.ts';
import { type FeedPart, type Fields, isRecord, listOf } from '../format.ts';
import { jsonLines } from '../json-lines.ts';
import { problem } from '../problem.ts';

const PRODUCT = /^gid:\/\/shopify\/Product\//;
const VARIANT = /^gid:\/\/shopify\/ProductVariant\//;

/** Whether a value is a connection (list) of Shopify's GraphQL APIs: `{ edges: [{ node }] }` or `{ nodes: [] }`. */
export const isConnection = (value: unknown): value is Fields =>
  isRecord(value) && (Array.isArray(value.edges) || Array.isArray(value.nodes));

/** Whether a value is a product of the GraphQL APIs, alone or as an edge. */
export function isGraphqlProduct(value: unknown): boolean {
  const product = isRecord(value) && isRecord(value.node) ? value.node : value;
  return isRecord(product) && (hasId(product, PRODUCT) || isConnection(product.variants));
}

/** Whether the lines are a bulk operation's, in which a product's variants and pictures are lines of their own. */
export const isBulkExport = (lines: unknown): boolean =>
  Array.isArray(lines) &&
  lines.some((line) => isRecord(line) && hasId(line, PRODUCT) && !isConnection(line.variants)) &&
  !lines.some((line) => isRecord(line) && Array.isArray(line.variants));

/** Whether a product has more variants than its list contains. */
function hasMoreVariants({ variants }: Fields): boolean {
  return isRecord(variants) && isRecord(variants.pageInfo) && variants.pageInfo.hasNextPage === true;
}

/**
 * Converts a product of the GraphQL APIs, or an edge with one, to the form of the REST API. Anything else is returned
 * unchanged.
 */
export function asRestProduct(value: unknown): unknown {
  if (!isGraphqlProduct(value) || !isRecord(value)) return value;
  const product = isRecord(value.node) ? value.node : value;
  const variants = nodesOf(product.variants).filter(isRecord);
  const pictures = [product.images, product.media].flatMap(nodesOf).flatMap(pictureOf);
  const featured = [product.featuredImage, product.featuredMedia].flatMap(pictureOf);
  const images = pictures.length > 0 ? pictures : featured;
  return {
    ...product,
    id: plainId(product.id),
    body_html: product.descriptionHtml ?? product.bodyHtml ?? product.description,
    product_type: product.productType,
    published_at: product.publishedAt,
    more_variants: hasMoreVariants(product),
    variants: variants.map(variantOf),
    images: images.map(({ src }) => ({
      src,
      variant_ids: variants.flatMap((variant) => (srcOf(variant) === src ? [plainId(variant.id)] : [])),
    })),
  };
}

function variantOf(variant: Fields): Fields {
  const chosen = listOf(variant.selectedOptions).filter(isRecord);
  const options = chosen.map(({ value }, index) => [`option${index + 1}`, value]);
  const src = srcOf(variant);
  const { inventoryItem: item } = variant;
  return {
    ...variant,
    ...Object.fromEntries(options),
    id: plainId(variant.id),
    price: amountOf(variant.price ?? variant.priceV2),
    compare_at_price: amountOf(variant.compareAtPrice ?? variant.compareAtPriceV2),
    available: variant.availableForSale,
    inventory_quantity: variant.inventoryQuantity,
    inventory_policy: String(variant.inventoryPolicy ?? '').toLowerCase(),
    ...(isRecord(item) && item.tracked === false && { inventory_management: null }),
    ...(src !== undefined && { featured_image: { src } }),
  };
}

/** The elements of a connection, or of a plain list. */
function nodesOf(list: unknown): unknown[] {
  if (!isConnection(list)) return listOf(list);
  const edges = listOf(list.edges).map((edge) => (isRecord(edge) ? edge.node : edge));
  return Array.isArray(list.nodes) ? list.nodes : edges;
}

/** An image, or a medium that has one. A video has none. */
function pictureOf(value: unknown): { src: string }[] {
  if (!isRecord(value)) return [];
  const { preview } = value;
  const image = [value.image, isRecord(preview) ? preview.image : null].find(isRecord) ?? value;
  const src = [image.url, image.src, image.originalSrc, image.transformedSrc].find(
    (each) => typeof each === 'string',
  );
  return typeof src === 'string' ? [{ src }] : [];
}

const srcOf = ({ image, media }: Fields): string | undefined =>
  [image, ...nodesOf(media)].flatMap(pictureOf)[0]?.src;

/** "12.50", or `{ amount: "12.50", currencyCode: "EUR" }`. */
function amountOf(price: unknown): unknown {
  return isRecord(price) ? [price.amount, price.currencyCode].filter(Boolean).join(' ') : price;
}

/** The number in "gid://shopify/Product/632910392", which is the id in other exports of the same shop. */
const plainId = (id: unknown): unknown =>
  typeof id === 'string' ? id.replace(/^gid:\/\/shopify\/\w+\/([^?]+).*$/, '$1') : id;

const hasId = ({ id }: Fields, kind: RegExp): boolean => typeof id === 'string' && kind.test(id);

/** A product of a bulk export, with the lines that name it as their parent. */
interface Gathered {
  product: Fields;
  variants: Fields[];
  images: Fields[];
}

/**
 * The products of a bulk operation's JSONL, each with its variants and pictures, which need not follow it directly. The
 * memory for this is limited; lines beyond the limit are left out, each a problem.
 */
export async function* bulkProducts(
  document: FeedDocument,
  most = MOST_HELD_CHARACTERS,
): AsyncGenerator<FeedPart | { product: unknown }> {
  const products = new Map<unknown, Gathered>();
  const variants = new Map<unknown, Fields>();
  let held = 0;
  for await (const part of jsonLines(document)) {
    const line = 'fields' in part ? part.fields : null;
    if (!('fields' in part) || !isRecord(line)) {
      yield part;
      continue;
    }
    // Stock levels, metafields and the like.
    if (!hasId(line, PRODUCT) && !hasId(line, VARIANT) && pictureOf(line).length === 0) continue;
    held += JSON.stringify(line).length;
    if (held > most) {
      const item = String(line.id ?? part.place);
      yield { problem: problem(item, { code: 'FAMILY_TOO_FAR', params: { count: 1 } }) };
    } else if (hasId(line, PRODUCT)) products.set(line.id, { product: line, variants: [], images: [] });
    else if (hasId(line, VARIANT)) {
      variants.set(line.id, line);
      products.get(line.__parentId)?.variants.push(line);
    } else {
      products.get(line.__parentId)?.images.push(line);
      const variant = variants.get(line.__parentId);
      if (variant) variant.image ??= line;
    }
  }
  for (const { product, variants: own, images } of products.values()) {
    yield {
      product: { ...product, variants: { nodes: own }, images: images.length > 0 ? images : product.images },
    };
  }
}
