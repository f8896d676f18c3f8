/** 36 before 38 before 110. */
const NATURAL = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

/** S, M or L, with X before it: "XS", "XXL", "3XL", "2X-Large". */
const LETTERS = /^(\d?)(x*)[\s-]?(s|small|m|medium|l|large)$/i;

/** The rank of a size in letters: M is 0, L is 1, XL is 2; null for any other size. */
function letterRank(size: string): number | null {
  const [, digit = '', xs = '', letter = ''] = LETTERS.exec(size.trim()) ?? [];
  if (letter === '') return null;
  const beyond = digit === '' ? xs.length : Number(digit);
  if (/^m/i.test(letter)) return 0;
  return /^l/i.test(letter) ? 1 + beyond : -1 - beyond;
}

/** Orders sizes as on a clothes rail: letters from small to large, then everything else by numbers and letters. */
export function compareSizes(a: string, b: string): number {
  const [first, second] = [letterRank(a), letterRank(b)];
  if (first !== null && second !== null) return first - second;
  if (first !== null || second !== null) return first === null ? 1 : -1;
  return NATURAL.compare(a, b);
}
