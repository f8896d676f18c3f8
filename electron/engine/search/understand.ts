import { LRUCache } from 'lru-cache';
import type { Embedder } from '../model/embedder.ts';
import type { Searchable } from '../snapshot/searchable.ts';
import { type FoundByFields, findByFields } from './by-fields.ts';
import type { Clock } from './clock.ts';
import { composeVector, type QueryPart, unwantedWeight } from './compose.ts';
import type { Look } from './look.ts';
import { type Asked, type CountedWords, countedWords } from './query.ts';

/** What a query's text comes to, beside its picture. */
export interface Understood {
  /** The query text; null when there is none, or it counts nothing beside the picture. */
  words: CountedWords | null;
  /** The model has a text encoder, and the query has text that is wanted or not wanted. */
  usesMeaning: boolean;
  /** Picture, text and what is not wanted as one vector; null where nothing but fields can be compared. */
  vector: Float32Array | null;
  /** What the products' fields say. */
  byFields: FoundByFields;
}

/** Turns query text into vectors, where the model has a text encoder, and into styles whose fields have the words. */
export class TextReader {
  readonly #embedder: Embedder;
  readonly #vectors = new LRUCache<string, Float32Array>({ max: 500 });

  constructor(embedder: Embedder) {
    this.#embedder = embedder;
  }

  /** @throws LookalikeError MODEL_*, WORDS_INDEX_DAMAGED */
  async understand(asked: Asked, look: Look | null, snapshot: Searchable, clock: Clock): Promise<Understood> {
    const words = countedWords(asked.query);
    const vector = await this.#vectorOf(asked, words, look, snapshot, clock);
    clock.start();
    const byFields = await findByFields(snapshot, words?.text, asked);
    const usesMeaning = this.#hasEncoder && (words !== null || asked.without !== undefined);
    return { words, usesMeaning, vector, byFields };
  }

  get #hasEncoder(): boolean {
    return this.#embedder.info.words;
  }

  async #vectorOf(
    { without }: Asked,
    words: CountedWords | null,
    look: Look | null,
    snapshot: Searchable,
    clock: Clock,
  ): Promise<Float32Array | null> {
    const parts: QueryPart[] = [];
    const ofWords = this.#hasEncoder && words ? words.balance : 0;
    const ofPicture = look ? 1 - ofWords : 0;
    if (look) parts.push({ vector: look.vector, weight: ofPicture });
    if (words && this.#hasEncoder) {
      parts.push({ vector: await this.#embed(words.text, clock), weight: ofWords });
    }
    if (without && this.#hasEncoder) {
      const vector = await this.#embed(without, clock);
      parts.push({ vector, weight: unwantedWeight(ofPicture, ofWords) });
    }
    return composeVector(parts, (vector) => snapshot.similarities(vector));
  }

  async #embed(text: string, clock: Clock): Promise<Float32Array> {
    const known = this.#vectors.get(text);
    if (known) return known;
    clock.start();
    const vector = await this.#embedder.embedWords(text);
    clock.lap('embed');
    this.#vectors.set(text, vector);
    return vector;
  }
}
