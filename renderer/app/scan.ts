/** The longest pause between two keys of a scanner, in milliseconds. Fast typists take 60 and more, six times in a row. */
export const LONGEST_PAUSE_MS = 50;
/** The least pause before a code, in milliseconds: what follows a key sooner is the rest of what a person types. */
const LEAST_PAUSE_BEFORE_MS = 300;
/** The shortest code: an EAN-8 has eight digits, and SKUs can be shorter. */
const LEAST_KEYS = 6;

/**
 * Tells a barcode scanner, which types a code and Enter, from a person: nobody types six keys and Enter without a pause.
 * Times are in milliseconds, on any clock.
 */
export class Scan {
  #code = '';
  #last = Number.NEGATIVE_INFINITY;
  /** Nothing was typed shortly before the code. */
  #isWhole = true;

  /** Notes a printable key. @returns how many keys have come without a pause, with this one */
  key(key: string, at: number): number {
    if (this.#isOn(at)) this.#code += key;
    else {
      this.#code = key;
      this.#isWhole = at - this.#last >= LEAST_PAUSE_BEFORE_MS;
    }
    this.#last = at;
    return this.#code.length;
  }

  /** Ends with Enter. @returns the code; null when a person has typed */
  end(at: number): string | null {
    const code = this.#isOn(at) && this.#isWhole ? this.#code : '';
    this.clear();
    return code.length >= LEAST_KEYS && /\d/.test(code) ? code : null;
  }

  clear(): void {
    this.#code = '';
    this.#last = Number.NEGATIVE_INFINITY;
  }

  #isOn(at: number): boolean {
    return at - this.#last <= LONGEST_PAUSE_MS;
  }
}
