import { setImmediate } from 'node:timers/promises';
import type { ROW_COLUMNS } from '../catalog/schema.ts';
import { fold } from '../words/forms.ts';
import type { ImageRows } from './image-rows.ts';

/** English function words, which say nothing about a product. */
const FUNCTION_WORDS = new Set(
  'a an and are as at by for from in is it of on or that the this to with'.split(' '),
);

/** Products read before yielding the thread. */
const AT_ONCE = 200;

/**
 * The folded words of a text, as Lance's simple tokenizer splits it. Function words are included only when there are no
 * others.
 */
export function wordsOf(text: string): string[] {
  const words = split(text.normalize('NFC')).map(fold);
  const telling = words.filter((word) => !FUNCTION_WORDS.has(word));
  return telling.length > 0 ? telling : words;
}

const split = (text: string) => text.split(/[^\p{Alphabetic}\p{N}]+/u).filter((word) => word !== '');

/** The different words of a catalog, folded. */
export class Vocabulary {
  readonly #counts: ReadonlyMap<string, number>;
  readonly #otherSpellings: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #sorted: readonly string[];

  /** @param otherSpellings of the words that have spellings other than the folded one */
  constructor(counts: ReadonlyMap<string, number>, otherSpellings: ReadonlyMap<string, ReadonlySet<string>>) {
    this.#counts = counts;
    this.#otherSpellings = otherSpellings;
    this.#sorted = [...counts.keys()].sort();
  }

  /** The spellings of a folded word: Lance folds too, but removes accents only after stemming. */
  spellings(word: string): string[] {
    return [word, ...(this.#otherSpellings.get(word) ?? [])];
  }

  /** Words with this beginning, most frequent first; none when the beginning is itself a word. */
  completions(beginning: string, most: number): string[] {
    if (this.#counts.has(beginning)) return [];
    const found: string[] = [];
    for (let i = this.#firstFrom(beginning); this.#sorted[i]?.startsWith(beginning); i++) {
      found.push(this.#sorted[i] ?? '');
    }
    const count = (word: string) => this.#counts.get(word) ?? 0;
    return found.sort((a, b) => count(b) - count(a)).slice(0, most);
  }

  #firstFrom(word: string): number {
    let [low, high] = [0, this.#sorted.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.#sorted[middle] ?? '') < word) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}

/**
 * Reads the words of some columns, one row of each product, and yields the thread in between.
 * @param keepCase spellings that differ only in case count as different
 */
export async function readVocabulary(
  rows: ImageRows,
  firstRows: Uint32Array,
  columns: readonly (typeof ROW_COLUMNS)[number][],
  keepCase: boolean,
): Promise<Vocabulary> {
  const counts = new Map<string, number>();
  const otherSpellings = new Map<string, Set<string>>();
  // Most values of most columns are the same for many products.
  const seen = new Set<string>();
  for (const [i, row] of firstRows.entries()) {
    if (i % AT_ONCE === 0) await setImmediate();
    for (const column of columns) {
      const value = rows.value(column, row);
      if (typeof value !== 'string') continue;
      if (seen.has(value)) continue;
      seen.add(value);
      const spelt = value.normalize('NFC');
      for (const spelling of split(keepCase ? spelt : spelt.toLowerCase())) {
        const word = fold(spelling);
        counts.set(word, (counts.get(word) ?? 0) + 1);
        if (word !== spelling) {
          otherSpellings.set(word, (otherSpellings.get(word) ?? new Set()).add(spelling));
        }
      }
    }
  }
  return new Vocabulary(counts, otherSpellings);
}
