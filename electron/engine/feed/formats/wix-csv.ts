import { readYesNo } from '../availability.ts';
import type { FeedPart, Fields, Format } from '../format.ts';
import { splitImageRefs } from '../image-refs.ts';
import { plainText } from '../plain-text.ts';
import { type ColumnNames, colorAmong, hasColumns, hidden, type ShopRow, shopRows } from './shop-table.ts';

/** The columns of Wix Stores' export; second, their names in its newer version. */
const COLUMNS = {
  handle: ['handleid', 'handle'],
  type: ['fieldtype'],
  name: ['name'],
  description: ['description', 'plaindescription'],
  images: ['productimageurl', 'media'],
  collection: ['collection', 'collections', 'categories'],
  sku: ['sku'],
  price: ['price'],
  surcharge: ['surcharge'],
  visible: ['visible'],
  discountMode: ['discountmode'],
  discountValue: ['discountvalue'],
  inventory: ['inventory'],
  brand: ['brand'],
  ribbon: ['ribbon'],
  barcode: ['barcode', 'gtin', 'ean'],
} as const satisfies ColumnNames<string>;
type Row = ShopRow<keyof typeof COLUMNS>;

/** The base URL of pictures that the export names by file name only: "a1b2c3_4d5e~mv2.jpg". */
const MEDIA = 'https://static.wixstatic.com/media/';
const MOST_OPTIONS = 6;
/** Rows of one product; an endless file must not be collected in memory. */
const MOST_ROWS_AT_ONCE = 5000;

/**
 * The product export of Wix Stores: the row of a product is followed by the rows of its variants. Each variant becomes a
 * product.
 */
export const wixCsv: Format = {
  recognises: (document) => hasColumns(document, COLUMNS, ['handle', 'type', 'name', 'images']),

  async *read(document) {
    let product: Row | null = null;
    let rows: Row[] = [];
    for await (const row of shopRows(document, COLUMNS)) {
      if ('problem' in row) {
        yield row;
        continue;
      }
      const goesOn: boolean =
        product !== null && row.cells.handle === product.cells.handle && !isKind(row, 'product');
      if (product && (!goesOn || rows.length === MOST_ROWS_AT_ONCE)) {
        yield* family(product, rows, goesOn);
        rows = [];
      }
      if (goesOn) rows.push(row);
      else product = row;
    }
    if (product) yield* family(product, rows, false);
  },
};

const isKind = ({ cells }: Row, kind: string): boolean => cells.type?.toLowerCase() === kind;

/** @param more whether further rows of the product follow, so that it is not a product without variants */
function* family(product: Row, rows: readonly Row[], more: boolean): Generator<FeedPart> {
  const { cells, place } = product;
  if (readYesNo(cells.visible ?? '') === false) {
    yield hidden(cells.sku ?? cells.handle ?? cells.name ?? place, 'unpublished');
    return;
  }
  const media = rows.filter((row) => isKind(row, 'media')).map((row) => row.cells.images ?? '');
  const images = [cells.images ?? '', ...media].flatMap((cell) => splitImageRefs(cell)).map(address);
  const variants = rows.filter((row) => isKind(row, 'variant'));
  if (variants.length === 0 && !more) yield { fields: item(product, null, images), place };
  for (const variant of variants) {
    if (readYesNo(variant.cells.visible ?? '') === false) {
      yield hidden(variant.cells.sku ?? cells.handle ?? place, 'unpublished');
    } else yield { fields: item(product, variant, images), place: variant.place };
  }
}

function item(product: Row, variant: Row | null, images: readonly string[]): Fields {
  const { cells } = product;
  const names = optionsOf(product, 'Name');
  const values = variant ? optionsOf(variant, 'Description') : optionsOf(product, 'Description');
  const options = Object.fromEntries(
    names.flatMap((name, index) => (name && values[index] ? [[name, optionValue(values[index])]] : [])),
  );
  const { color, others } = colorAmong(options);
  const chosen = variant ? Object.values(options) : [];
  const money = moneyOf(cells, variant?.cells);
  return {
    id: variant ? variant.cells.sku || [cells.handle, ...chosen].join('/') : (cells.handle ?? cells.sku),
    sku: variant?.cells.sku ?? cells.sku,
    title: chosen.length > 0 ? `${cells.name} – ${chosen.join(' / ')}` : cells.name,
    images,
    ...money,
    category: cells.collection?.split(/[;,]/)[0]?.trim(),
    brand: cells.brand,
    color: typeof color === 'string' && !color.includes(';') ? color : undefined,
    availability: variant?.cells.inventory ?? cells.inventory,
    gtin: variant?.cells.barcode ?? cells.barcode,
    groupId: variant ? cells.handle : undefined,
    attributes: {
      ...others,
      ...additionalInfo(product),
      ...(typeof color === 'string' && color.includes(';') && { colors: color }),
      ...(cells.ribbon && { ribbon: cells.ribbon }),
      ...(cells.description && { description: plainText(cells.description) }),
    },
  };
}

/** The price of a variant is its product's price plus the surcharge. A discount is an amount or a share of the price. */
function moneyOf(product: Row['cells'], variant: Row['cells'] | undefined): Fields {
  const surcharge = Number(variant?.surcharge ?? 0);
  const plain = variant?.price ?? product.price;
  const price =
    surcharge && plain && Number.isFinite(Number(plain)) ? round(Number(plain) + surcharge) : plain;
  const off = Number(product.discountValue ?? 0);
  const full = Number(price);
  if (!(off > 0 && full > 0)) return { price };
  const percent = product.discountMode?.toUpperCase() === 'PERCENT';
  return { price, salePrice: round(percent ? full * (1 - off / 100) : full - off) };
}

const round = (amount: number): number => Math.round(amount * 100) / 100;

function optionsOf({ rest }: Row, part: 'Name' | 'Description'): (string | undefined)[] {
  return Array.from({ length: MOST_OPTIONS }, (_, index) => {
    const numbered = [
      `productOption${part}${index + 1}`,
      `productOption${part}[${index + 1}]`,
      `productOptionChoices[${index + 1}]`,
    ];
    const column = numbered.slice(0, part === 'Name' ? 2 : 3).find((name) => typeof rest[name] === 'string');
    return column === undefined ? undefined : String(rest[column]);
  });
}

/** A colour is written with its code: "#ff0000:Red". */
const optionValue = (written: string): string => written.replaceAll(/#[\da-f]{3,8}:/gi, '').trim();

function additionalInfo({ rest }: Row): Fields {
  const found = Array.from({ length: MOST_OPTIONS }, (_, index) => {
    const title = rest[`additionalInfoTitle${index + 1}`];
    const text = rest[`additionalInfoDescription${index + 1}`];
    return typeof title === 'string' && typeof text === 'string' ? [title, plainText(text)] : [];
  });
  return Object.fromEntries(found.filter((pair) => pair.length > 0));
}

const address = (ref: string): string =>
  /^[\w-]+(~mv2)?\.\w{3,5}$/.test(ref.trim()) ? `${MEDIA}${ref.trim()}` : ref;
