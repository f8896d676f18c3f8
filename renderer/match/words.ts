/** The text of a query. */
export interface Words {
  /** As typed; it may still contain "without". */
  text: string;
  /** What the product should not be. */
  without: string;
}

export const NO_WORDS: Words = { text: '', without: '' };

/** The contract's own limit for each of the two. */
export const MOST_CHARACTERS = 500;

/** From a "without" to the next "with" or "without", or to the end. */
const WITHOUT = /\bwithout\b(.*?)(?=\s+with(?:out)?\b|$)/gi;

function tidy(words: string): string {
  return words
    .replace(/\s+/g, ' ')
    .replace(/^[\s,]+|[\s,]+$/g, '')
    .slice(0, MOST_CHARACTERS);
}

/** Moves everything after "without" out of the text: "dress without stripes" becomes "dress", without "stripes". */
export function settled({ text, without }: Words): Words {
  const parts = Array.from(text.matchAll(WITHOUT), ([, part = '']) => tidy(part));
  return {
    text: tidy(text.replace(WITHOUT, ' ')),
    without: tidy([without, ...parts].filter((part) => part !== '').join(', ')),
  };
}

export function hasText(words: Words): boolean {
  return settled(words).text !== '';
}
