import { LRUCache } from 'lru-cache';
import type { Embedder } from '../model/embedder.ts';
import type { Searchable } from '../snapshot/searchable.ts';
import { type FoundByFields, findByFields } from './by-fields.ts';
import type { Clock } from './clock.ts';
import { type CountedWords, countedWords, type ParsedRequest } from './query.ts';
import type { QueryImage } from './query-image.ts';
import { composeVector, type QueryPart, unwantedWeight } from './query-vector.ts';

/** The parts of a query that its text and its picture make. */
export interface Understood {
  /** The query text; null when there is none, or the text counts nothing beside the picture. */
  words: CountedWords | null;
  /** The model has a text encoder, and the query has text that is wanted or not wanted. */
  usesMeaning: boolean;
  /** Picture, text and what is not wanted as one vector; null where nothing but fields can be compared. */
  vector: Float32Array | null;
  /** Styles found by their fields. */
  byFields: FoundByFields;
}

/** Embeds query text, where the model has a text encoder, and finds the styles whose fields have its words. */
export class TextReader {
  readonly #embedder: Embedder;
  readonly #vectors = new LRUCache<string, Float32Array>({ max: 500 });

  constructor(embedder: Embedder) {
    this.#embedder = embedder;
  }

  /** @throws LookalikeError MODEL_*, WORDS_INDEX_DAMAGED */
  async understand(
    asked: ParsedRequest,
    image: QueryImage | null,
    snapshot: Searchable,
    clock: Clock,
  ): Promise<Understood> {
    const words = countedWords(asked.query);
    const vector = await this.#vectorOf(asked, words, image, snapshot, clock);
    clock.start();
    const byFields = await findByFields(snapshot, words?.text, asked);
    const usesMeaning = this.#hasEncoder && (words !== null || asked.without !== undefined);
    return { words, usesMeaning, vector, byFields };
  }

  get #hasEncoder(): boolean {
    return this.#embedder.info.words;
  }

  async #vectorOf(
    { without }: ParsedRequest,
    words: CountedWords | null,
    image: QueryImage | null,
    snapshot: Searchable,
    clock: Clock,
  ): Promise<Float32Array | null> {
    const parts: QueryPart[] = [];
    const ofWords = this.#hasEncoder && words ? words.balance : 0;
    const ofPicture = image ? 1 - ofWords : 0;
    if (image) parts.push({ vector: image.vector, weight: ofPicture });
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
