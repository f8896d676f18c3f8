/** 36 before 38 before 110. */
const NATURAL = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** S, M or L, with X before it: "XS", "XXL", "3XL", "2X-Large". */
const LETTERS = /^(\d?)(x*)[\s-]?(s|small|m|medium|l|large)$/i;

/** Where a size in letters stands: M at 0, L at 1, XL at 2; null for any other size. */
function letterRank(size: string): number | null {
  const [, digit = '', xs = '', letter = ''] = LETTERS.exec(size.trim()) ?? [];
  if (letter === '') return null;
  const beyond = digit === '' ? xs.length : Number(digit);
  if (/^m/i.test(letter)) return 0;
  return /^l/i.test(letter) ? 1 + beyond : -1 - beyond;
}

/** Orders sizes as a rail does: letters from small to large, then everything else by its numbers and letters. */
export function compareSizes(a: string, b: string): number {
  const [first, second] = [letterRank(a), letterRank(b)];
  if (first !== null && second !== null) return first - second;
  if (first !== null || second !== null) return first === null ? 1 : -1;
  return NATURAL.compare(a, b);
}
