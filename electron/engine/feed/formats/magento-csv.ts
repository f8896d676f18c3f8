import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { readYesNo } from '../availability.ts';
import type { FeedDocument } from '../document.ts';
import type { FeedPart, Fields, Format } from '../format.ts';
import { plainText } from '../plain-text.ts';
import { problem } from '../problem.ts';
import { isUrl } from '../resource.ts';
import { Families, type Joined } from './families.ts';
import {
  type ColumnNames,
  hasColumns,
  hidden,
  lastCategory,
  type ShopRow,
  shopRows,
  stockOf,
} from './shop-table.ts';

/** The columns of the product export of Magento (Adobe Commerce), version 2. */
const COLUMNS = {
  sku: ['sku'],
  storeView: ['storeviewcode'],
  type: ['producttype'],
  attributeSet: ['attributesetcode'],
  categories: ['categories'],
  name: ['name'],
  description: ['description'],
  summary: ['shortdescription'],
  online: ['productonline'],
  visibility: ['visibility'],
  price: ['price'],
  salePrice: ['specialprice'],
  saleFrom: ['specialpricefromdate'],
  saleUntil: ['specialpricetodate'],
  image: ['baseimage'],
  moreImages: ['additionalimages'],
  attributes: ['additionalattributes'],
  quantity: ['qty'],
  inStock: ['isinstock'],
  managed: ['managestock'],
  backorders: ['allowbackorders'],
  variations: ['configurablevariations'],
} as const satisfies ColumnNames<string>;
type Column = keyof typeof COLUMNS;
type Row = ShopRow<Column>;

const COLOR = /^(colou?r|farbe|couleur|manufacturer_colou?r)$/i;
const BRANDS = ['manufacturer', 'brand', 'marke'];
/** The folder of the pictures that a shop's export names by their paths. */
const MEDIA = '/media/catalog/product';
const NO_PICTURE = 'no_selection';
const HIDDEN = 'not visible individually';

/**
 * The product export of Magento 2. A configurable product lists its variations in a column. Each variation is a product in
 * its group and takes missing fields from it. Rows of single store views repeat products in other languages, and are
 * skipped.
 */
export const magentoCsv: Format = {
  recognises: (document) => hasColumns(document, COLUMNS, ['sku', 'type', 'attributeSet', 'name', 'image']),

  async *read(document) {
    const families = new Families<Column>();
    const pictures = await pictureBase(document);
    for await (const row of shopRows(document, COLUMNS)) {
      if ('cells' in row && row.cells.storeView) continue;
      const parts = 'problem' in row ? [row] : take(row, families);
      for (const part of parts) yield 'row' in part ? product(part, pictures) : part;
    }
    for (const joined of families.rest()) yield product(joined, pictures);
  },
};

function* take(row: Row, families: Families<Column>): Generator<Joined<Column> | FeedPart> {
  const { sku = '', type, visibility, variations } = row.cells;
  if (type?.toLowerCase() === 'configurable') yield* families.parent(row, skusOf(variations));
  else if (families.has(sku) || visibility?.toLowerCase() === HIDDEN) yield* families.child(row, sku);
  else yield { row, parent: null };
}

/** "sku=COAT-S,size=S|sku=COAT-M,size=M" */
const skusOf = (written = ''): string[] =>
  written.split('|').flatMap((variation) => /(?:^|,)\s*sku=([^,|]*)/.exec(variation)?.[1]?.trim() || []);

function product({ row, parent }: Joined<Column>, pictures: ((ref: string) => string) | null): FeedPart {
  const { cells, place } = row;
  const name = cells.sku ?? cells.name ?? place;
  // 1 is enabled, 2 disabled. A product that is not visible individually is shown only with its parent.
  const alone = parent === null && cells.visibility?.toLowerCase() === HIDDEN;
  if ([cells, parent?.cells].some((each) => each?.online === '2' || each?.online === '0') || alone) {
    return hidden(name, 'unpublished');
  }
  const { color, others } = attributesOf(row);
  // The variation's own pictures first, then its parent's, each once.
  const written = [cells, parent?.cells ?? {}].flatMap(({ image, moreImages = '' }) => [
    image,
    ...moreImages.split(','),
  ]);
  const refs = written.flatMap((ref) => (ref && ref !== NO_PICTURE ? [ref.trim()] : []));
  const images = refs.map((ref) => (isUrl(ref) ? ref : pictures?.(ref))).filter((ref) => ref !== undefined);
  if (images.length === 0 && refs.length > 0) {
    return { problem: problem(name, { code: 'IMAGE_BASE_MISSING', params: { count: 1 } }) };
  }
  return {
    fields: {
      id: cells.sku,
      sku: cells.sku,
      title: cells.name ?? parent?.cells.name,
      images,
      price: cells.price,
      salePrice: cells.salePrice,
      saleFrom: dateOf(cells.saleFrom),
      saleUntil: dateOf(cells.saleUntil),
      category: lastCategory(cells.categories || parent?.cells.categories, /\//),
      brand: BRANDS.map((each) => others[each]).find(Boolean),
      color,
      availability: availabilityOf(cells),
      groupId: parent?.cells.sku,
      stock: cells.managed === '0' ? undefined : cells.quantity,
      attributes: {
        ...Object.fromEntries(Object.entries(others).filter(([each]) => !BRANDS.includes(each))),
        ...((cells.description ?? cells.summary) && {
          description: plainText(cells.description ?? cells.summary ?? ''),
        }),
      },
    },
    place,
  };
}

/** A product without managed stock can always be bought. */
function availabilityOf({ quantity, inStock, managed, backorders }: Row['cells']): string | undefined {
  const isInStock = readYesNo(inStock ?? '');
  if (managed === '0') return isInStock === false ? 'out of stock' : 'in stock';
  return stockOf(quantity, isInStock, backorders === '1' || backorders === '2');
}

/** `{ color, others }` of "color=Red,material=Wool|Cotton,pattern=Solid". A value may contain commas, and may be quoted. */
function attributesOf({ cells: { attributes = '' } }: Row): { color: unknown; others: Fields } {
  const pairs = attributes.split(/,(?=\s*"?[\w-]+=)/).map((pair) => {
    const [, name = '', value = ''] = /^\s*"?([\w-]+)=(.*?)"?\s*$/s.exec(pair) ?? [];
    return [name, value];
  });
  const all = Object.fromEntries(pairs.filter(([name, value]) => name && value));
  const name = Object.keys(all).find((each) => COLOR.test(each)) ?? '';
  const { [name]: color, ...others } = all;
  return { color, others };
}

/** The export writes dates in the American order, whatever the shop's language: "8/29/26", "8/29/2026, 12:00 AM". */
function dateOf(written: string | undefined): string | undefined {
  const [, month, day, year] = /^(\d{1,2})\/(\d{1,2})\/(\d{2}|\d{4})\b/.exec(written ?? '') ?? [];
  if (!month || !day || !year) return written;
  return `${year.length === 2 ? `20${year}` : year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
}

/**
 * The base of picture paths ("/w/s/coat.jpg"): the given address, the shop that serves the export, or the folder of a saved
 * export. Null when none is known.
 */
async function pictureBase({ url, imageBase }: FeedDocument): Promise<((ref: string) => string) | null> {
  const base = imageBase ?? (isUrl(url) ? new URL(url).origin + MEDIA : null);
  const under = (place: string) => (ref: string) => `${place.replace(/\/$/, '')}/${ref.replace(/^\/+/, '')}`;
  if (base !== null) return under(base);
  for (const folder of [
    `${dirname(url)}${MEDIA}`,
    join(dirname(url), 'catalog/product'),
    join(dirname(url), 'product'),
  ]) {
    const isFolder = await stat(folder).then(
      (info) => info.isDirectory(),
      () => false,
    );
    if (isFolder) return under(folder);
  }
  return null;
}
