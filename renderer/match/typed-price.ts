/**
 * Parses an amount as people type it, in any language: "99,5", "99.50", "1 299", "1.299,00", "€ 99", "1'299.-". A single
 * separator followed by three digits groups thousands, because prices are hardly typed with three decimals.
 * @returns null when the text is not one amount of zero or more
 */
export function readTypedPrice(typed: string): number | null {
  const digits = typed
    .normalize('NFKC')
    .replace(/[\u0660-\u0669\u06f0-\u06f9]/g, (digit) => String(digit.charCodeAt(0) & 0xf))
    .replace(/\u066b/g, '.')
    .replace(/\u066c/g, "'")
    .replace(/[.,]\s*[-–—]+\s*$/, '')
    // A currency before or after, and spaces that group thousands.
    .replace(/^[^\d.,-]+|[^\d.,]+$/g, '')
    .replace(/(?<=\d)[\s'’](?=\d{3}(?!\d))/g, '');
  const [, whole, end] = /^(\d[\d.,]*?|)(?:[.,](\d+))?$/.exec(digits) ?? [];
  if (whole === undefined || digits === '') return null;
  const separators = new Set(digits.replace(/\d/g, ''));
  const count = digits.replace(/\d/g, '').length;
  const groups = /^[1-9]\d{0,2}([.,]\d{3})+$/.test(digits) && separators.size === 1;
  if (groups) return Number(digits.replace(/[.,]/g, ''));
  const wellGrouped = /^\d*$|^[1-9]\d{0,2}([.,])\d{3}(?:\1\d{3})*$/.test(whole);
  if (!wellGrouped || separators.size > 2 || (count > 1 && separators.size === 1)) return null;
  return Number(`${whole.replace(/[.,]/g, '') || '0'}.${end ?? '0'}`);
}
