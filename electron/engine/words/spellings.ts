import { isOneEdit, isTwoEdits } from './forms.ts';

/** In a short word another letter makes another word: "seal" is not "smal". One too many or too few, or two swapped, may be a slip. */
const isSlip = (one: string, other: string): boolean =>
  isOneEdit(one, other) &&
  (one.length !== other.length || [...one].sort().join() === [...other].sort().join());

/** A shorter word is not corrected, as too many words are one letter away. */
const LEAST_CORRECTED = 4;
const LEAST_SUGGESTED = 5;
const MOST_SUGGESTIONS = 3;

/** Words that can be meant by a misspelt one. */
export class Spellings {
  readonly #words = new Set<string>();
  readonly #byLength = new Map<number, Set<string>>();

  /** Numbers are left out: nobody means another one. */
  add(folded: string): void {
    if (/\d/.test(folded)) return;
    this.#words.add(folded);
    const same = this.#byLength.get(folded.length) ?? new Set();
    this.#byLength.set(folded.length, same.add(folded));
  }

  beginningWith(start: string): string[] {
    return [...this.#words].filter((word) => word.startsWith(start));
  }

  /**
   * The word that a misspelt one is one edit away from; null for none.
   * @param isFound whether something in the catalog has a word, which is then likelier
   */
  correction(folded: string, isFound: (word: string) => boolean): string | null {
    if (folded.length < LEAST_CORRECTED || /\d/.test(folded)) return null;
    const isNear = folded.length === LEAST_CORRECTED ? isSlip : isOneEdit;
    const near = this.#near(folded, 1, isNear, isFound);
    // A wrong first letter is rarer than any other slip.
    return near.find(([first]) => first === folded[0]) ?? near[0] ?? null;
  }

  /** Words that a word without meaning may have been, likeliest first. */
  suggestions(folded: string, isFound: (word: string) => boolean): string[] {
    if (folded.length < LEAST_SUGGESTED || /\d/.test(folded)) return [];
    return this.#near(folded, 2, isTwoEdits, isFound).slice(0, MOST_SUGGESTIONS);
  }

  #near(
    folded: string,
    within: number,
    isNear: (one: string, other: string) => boolean,
    isFound: (word: string) => boolean,
  ): string[] {
    const near: string[] = [];
    for (let length = folded.length - within; length <= folded.length + within; length++) {
      for (const word of this.#byLength.get(length) ?? []) if (isNear(folded, word)) near.push(word);
    }
    const weight = (word: string) => (isFound(word) ? 1 : 0);
    return near.sort((a, b) => weight(b) - weight(a));
  }
}
