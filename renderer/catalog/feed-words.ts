import type { FeedFormat, FeedSource, MappedField } from '../../electron/contract/publishing.ts';

export const FORMAT_NAMES: Record<FeedFormat, string> = {
  lookalike: 'Lookalike JSON',
  shopify: 'Shopify',
  'shopify-csv': 'Shopify product export',
  'woocommerce-csv': 'WooCommerce product export',
  'magento-csv': 'Magento product export',
  'prestashop-csv': 'PrestaShop product table',
  'wix-csv': 'Wix product export',
  'google-xml': 'Google Merchant XML',
  'google-tsv': 'Google Merchant table',
  'schema-org': 'schema.org',
  csv: 'CSV table',
  'json-mapping': 'Other JSON',
  folder: 'Folder of pictures',
};

export const FIELD_NAMES: Record<MappedField, string> = {
  id: 'Id',
  title: 'Title',
  images: 'Pictures',
  price: 'Price',
  salePrice: 'Sale price',
  saleFrom: 'Sale begins',
  saleUntil: 'Sale ends',
  currency: 'Currency',
  category: 'Category',
  brand: 'Brand',
  color: 'Colour',
  availability: 'Availability',
  url: 'Product page',
  groupId: 'Group',
  sku: 'SKU',
  size: 'Size',
  stock: 'Stock',
  gtin: 'Barcode',
};

const CATALOG_FILE = /\.(json|ndjson|jsonl|csv|tsv|xml|gz|lookalike-pack)$/i;
const PACK_FILE = /\.lookalike-pack$/i;

/** Extensions for a file dialog. */
export const CATALOG_FILES = '.json,.ndjson,.jsonl,.csv,.tsv,.xml,.gz,.lookalike-pack';

export function isCatalogFile(name: string): boolean {
  return CATALOG_FILE.test(name);
}

/** Whether the source is a pack: a whole catalog in one file, which needs no format and no mapping. */
export function isPack(source: FeedSource): boolean {
  if (source.kind === 'sample') return false;
  return PACK_FILE.test(source.kind === 'file' ? source.path : (URL.parse(source.url)?.pathname ?? ''));
}

/** The last part of a path of any system. */
export function fileName(path: string): string {
  return path.split(/[/\\]/).findLast((part) => part !== '') ?? path;
}

/** The full address of a feed. */
export function sourceAddress(source: FeedSource): string {
  if (source.kind === 'sample') return 'Comes with Lookalike';
  return source.kind === 'url' ? source.url : source.path;
}

/** The name of a feed that was given none. */
export function sourceName(source: FeedSource): string {
  if (source.kind === 'sample') return 'Sample catalog';
  if (source.kind === 'url') return URL.parse(source.url)?.host ?? source.url;
  return fileName(source.path);
}
