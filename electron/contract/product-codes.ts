// Normalises SKUs and barcodes, so that different spellings of one code are equal.

/**
 * The key of a SKU, without what people write differently: case, accents, separators, dashes of any kind and padding zeros.
 * "AB–1234 red", "ab1234RED" and "00AB-1234-Red" have the same key.
 * @returns empty when the SKU has neither letters nor digits
 */
export function skuKeyOf(sku: string): string {
  return sku
    .normalize('NFKD')
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replace(/^0+(?=.)/, '');
}

const GTIN_DIGITS = 14;

/**
 * Normalises a barcode (GTIN-8, 12, 13 or 14, or an ISBN) to 14 digits. Spaces, hyphens and the ".0" that spreadsheets add
 * are removed; leading zeros that they drop are restored.
 * @returns null when the text is not a barcode: its check digit is wrong, or it has other characters
 */
export function gtinOf(written: string): string | null {
  const code = written
    .normalize('NFKC')
    .replaceAll(/[\s\p{Pd}']/gu, '')
    .replace(/\.0+$/, '');
  const digits = isIsbn10(code) ? withCheckDigit(`978${code.slice(0, 9)}`) : code;
  // With any number of padding zeros.
  const [, gtin = ''] = /^0*?(\d{8,14})$/.exec(digits) ?? [];
  if (gtin === '' || /^0+$/.test(gtin)) return null;
  return withCheckDigit(gtin.slice(0, -1)) === gtin ? gtin.padStart(GTIN_DIGITS, '0') : null;
}

/** Appends GS1's check digit: digits are weighted 3 and 1 from the right, and it completes the sum to a multiple of 10. */
function withCheckDigit(digits: string): string {
  const sum = [...digits]
    .reverse()
    .reduce((total, digit, i) => total + Number(digit) * (i % 2 === 0 ? 3 : 1), 0);
  return `${digits}${(10 - (sum % 10)) % 10}`;
}

/** ISO 2108: digits weighted 10 to 1 sum up to a multiple of 11; the last one may be X for 10. */
function isIsbn10(code: string): boolean {
  if (!/^\d{9}[\dXx]$/.test(code)) return false;
  const values = [...code].map((each) => (/\d/.test(each) ? Number(each) : 10));
  return values.reduce((total, value, i) => total + value * (10 - i), 0) % 11 === 0;
}
