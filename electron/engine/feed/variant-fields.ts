// Fields that tell a product's variants apart, as feeds write them: size, stock and barcode.
import { gtinOf } from '../../contract/product-codes.ts';
import type { Fields } from './format.ts';

/** Names of the option or attribute "size" in English, German, French, Spanish, Italian, Dutch and Vietnamese. */
const SIZE_NAMES = new Set(
  `size sizename eusize shoesize clothingsize groesse grosse konfektionsgrosse schuhgrosse kleidergrosse taille
  pointure talla taglia misura maat schoenmaat kledingmaat kichco kichthuoc cogiay paramsize`.split(/\s+/),
);
/** Names of the barcode, the surest name first. */
const BARCODE_NAMES =
  `gtin gtin14 gtin13 gtin12 gtin8 ean ean13 ean8 upc barcode isbn isbn13 isbn10 gtinupceanorisbn
  globaluniqueid strichcode codebarre codebarres codigobarras codigodebarras codiceabarre streepjescode mavach`.split(
    /\s+/,
  );
/** A list of sizes ("S, M, L", "S|M|L") is not one size; "38,5" is. */
const SIZE_LIST = /[;|]|,(?!\d)/;
const MOST_SIZE_CHARACTERS = 50;

/** The size among a product's attributes; null when there is none, or more than one. */
export function sizeAmong(attributes: Fields): string | null {
  for (const [name, value] of Object.entries(attributes)) {
    if (!SIZE_NAMES.has(plain(name))) continue;
    if (typeof value !== 'string' && typeof value !== 'number') continue;
    const size = String(value).trim();
    if (size !== '' && size.length <= MOST_SIZE_CHARACTERS && !SIZE_LIST.test(size)) return size;
  }
  return null;
}

/** The barcode among a product's attributes, 14 digits; null when no attribute has a valid check digit. */
export function barcodeAmong(attributes: Fields): string | null {
  const byName = new Map(Object.entries(attributes).map(([name, value]) => [plain(name), value]));
  for (const name of BARCODE_NAMES) {
    const value = byName.get(name);
    const gtin = typeof value === 'string' || typeof value === 'number' ? gtinOf(String(value)) : null;
    if (gtin !== null) return gtin;
  }
  return null;
}

/** More than any shop has of one product. The table's column has 32 bits. */
const MOST_STOCK = 2_000_000_000;

/**
 * Reads a quantity: "12", 12, "12.0000", "-3" (oversold, so 0).
 * @returns null when it is not exactly known: "10+", "in stock", and "1.000", which is one or a thousand
 */
export function readCount(written: unknown): number | null {
  if (typeof written !== 'string' && typeof written !== 'number') return null;
  const [, sign, whole, fraction = ''] = /^\s*([-−]?)(\d+)(?:[.,](\d+))?\s*$/.exec(String(written)) ?? [];
  if (whole === undefined || (fraction.length === 3 && typeof written === 'string')) return null;
  const count = Number(whole);
  if (count > MOST_STOCK) return null;
  return sign ? 0 : count;
}

/** The quantity that an availability contains. 0 and 1 may mean no and yes, so they give null. */
export function quantityIn(availability: unknown): number | null {
  const count = readCount(availability);
  return count !== null && count > 1 ? count : null;
}

const plain = (name: string): string =>
  name
    .normalize('NFD')
    .toLowerCase()
    .replaceAll('ß', 'ss')
    .replaceAll(/[^a-z0-9]/g, '');
