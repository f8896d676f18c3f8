import { isOneEdit, isTwoEdits } from './forms.ts';

const hasSameLetters = (one: string, other: string): boolean =>
  [...one].sort().join() === [...other].sort().join();

/** In a short word another letter makes another word: "seal" is not "smal". One too many or too few, or two swapped, may be a slip. */
const isSlip = (one: string, other: string): boolean =>
  isOneEdit(one, other) && (one.length !== other.length || hasSameLetters(one, other));

/** Whether letters are missing within a word: "swter" of "sweater". */
function lacksLetters(one: string, other: string): boolean {
  if (one.length >= other.length || one[0] !== other[0] || one.at(-1) !== other.at(-1)) return false;
  let at = 0;
  for (const letter of other) if (letter === one[at]) at++;
  return at === one.length;
}

/** A shorter word is not corrected, as too many words are one letter away. */
const LEAST_CORRECTED = 4;
const LEAST_SUGGESTED = 5;
/** A shorter word is two letters away from too many others: "water" from "winter", "garden" from "green". */
const LEAST_TWO_EDITS = 7;
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
    const near = this.#near(folded, 1, isNear);
    // Hardly anyone gets the first letter wrong: "ball" is not "all".
    const likely = near.filter((word) => word[0] === folded[0] || hasSameLetters(word, folded));
    const found = likely.filter(isFound);
    // A letter is sooner missed than taken for another: "pufer" is "puffer" and not "puder".
    const among = found.length > 0 ? found : likely;
    return among.find((word) => isSlip(folded, word)) ?? among[0] ?? null;
  }

  /** Words of the catalog that a word without meaning may have been, likeliest first. */
  suggestions(folded: string, isFound: (word: string) => boolean): string[] {
    if (folded.length < LEAST_SUGGESTED || /\d/.test(folded)) return [];
    const isNear = folded.length < LEAST_TWO_EDITS ? lacksLetters : isTwoEdits;
    return this.#near(folded, 2, isNear).filter(isFound).slice(0, MOST_SUGGESTIONS);
  }

  #near(folded: string, within: number, isNear: (one: string, other: string) => boolean): string[] {
    const near: string[] = [];
    for (let length = folded.length - within; length <= folded.length + within; length++) {
      for (const word of this.#byLength.get(length) ?? []) if (isNear(folded, word)) near.push(word);
    }
    return near;
  }
}
