import { readFile, stat } from 'node:fs/promises';
import type { Fault } from '../../contract/faults.ts';
import type { Synonyms } from '../words/lexicon.ts';

/** More is no list of words that somebody wrote. */
const MOST_BYTES = 1_000_000;
const NONE: Synonyms = [];
/** Throws on what is no text. */
const UTF_8 = new TextDecoder('utf-8', { fatal: true });

/**
 * The shop's own list of words that mean the same: a text file (UTF-8), a line a meaning, its words separated by commas:
 * `kicks, sneakers`. Lines that begin with `#` are notes. The file is read again when it has changed.
 */
export class ShopSynonyms {
  readonly #path: string;
  #version = '';
  #synonyms = NONE;
  #notice: Fault | null = null;

  constructor(path: string) {
    this.#path = path;
  }

  /** The same object as long as the file stays the same. Empty when there is no file, or it cannot be read: see `notice`. */
  async read(): Promise<Synonyms> {
    const file = await stat(this.#path).catch(() => null);
    const version = file ? `${file.mtimeMs} ${file.size}` : '';
    if (version === this.#version) return this.#synonyms;
    this.#version = version;
    this.#synonyms = NONE;
    this.#notice = null;
    if (!file) return NONE;
    try {
      if (file.size > MOST_BYTES) throw new RangeError(`${file.size} bytes`);
      this.#synonyms = parsed(UTF_8.decode(await readFile(this.#path)));
    } catch {
      this.#notice = { code: 'SYNONYMS_NOT_READ', params: { at: this.#path, mostBytes: MOST_BYTES } };
    }
    return this.#synonyms;
  }

  /** That the file was not read, for the status; null when all is well. */
  get notice(): Fault | null {
    return this.#notice;
  }
}

function parsed(text: string): Synonyms {
  return text
    .split(/\r?\n/)
    .filter((line) => !line.trimStart().startsWith('#'))
    .map((line) => {
      const words = line.split(',').map((word) => word.trim());
      return [...new Set(words.filter((word) => word !== ''))];
    })
    .filter((words) => words.length > 1);
}
