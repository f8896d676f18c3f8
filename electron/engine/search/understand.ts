import { LRUCache } from 'lru-cache';
import { LookalikeError } from '../../contract/errors.ts';
import { colorName } from '../images/color-name.ts';
import type { Embedder } from '../model/embedder.ts';
import type { Searchable } from '../snapshot/searchable.ts';
import type { Snapshot } from '../snapshot/snapshot.ts';
import { Lexicon, type Synonyms } from '../words/lexicon.ts';
import { type AskedPrice, bareRangesOf } from '../words/prices.ts';
import { type ReadPart, readWords } from '../words/read.ts';
import { type FoundByFields, findByFields } from './by-fields.ts';
import type { Clock } from './clock.ts';
import { type CountedWords, countedWords, type ParsedRequest } from './query.ts';
import type { QueryImage } from './query-image.ts';
import { composeVector, type QueryPart, unwantedWeight } from './query-vector.ts';
import { NOTHING_TOLD, type Told, tellCode, tellParts } from './told.ts';
import { conditionsOf, NO_WISHES, unwantedOf, type Wishes, wishesOf } from './wishes.ts';

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
  /** What the text asks for, as conditions. */
  wishes: Wishes;
  /** Ids of the styles that have the words without a meaning of their own in their fields; null when there are none such. */
  having: ReadonlySet<string> | null;
  /** A colour is named, so that the picture's own does not count. */
  namesColor: boolean;
  told: Told;
  /** See `Lexicon.kinsOf`. */
  kinsOf: (categories: readonly string[]) => string[];
}

/** Query text as it was read. */
export interface ReadText {
  /** Of the query's text. */
  parts: readonly ReadPart[];
  /** Of what is not wanted. */
  without: readonly ReadPart[];
  /** The query's text without the parts that are not wanted, and without prices. */
  wanted: string;
}

/** Reads query text as conditions, embeds it where the model has a text encoder, and finds styles by their fields. */
export class TextReader {
  readonly #embedder: Embedder;
  readonly #vectors = new LRUCache<string, Float32Array>({ max: 500 });
  readonly #lexicons = new WeakMap<Snapshot, { synonyms: Synonyms; lexicon: Promise<Lexicon> }>();

  constructor(embedder: Embedder) {
    this.#embedder = embedder;
  }

  /**
   * @param synonyms the shop's own
   * @throws LookalikeError MODEL_*, WORDS_INDEX_DAMAGED
   */
  async understand(
    asked: ParsedRequest,
    image: QueryImage | null,
    snapshot: Searchable,
    synonyms: Synonyms,
    clock: Clock,
  ): Promise<Understood> {
    const words = countedWords(asked.query);
    if (!words && asked.without === undefined) return withoutText(image);
    clock.start();
    const lexicon = await this.#lexiconOf(snapshot.sample, synonyms);
    const ranges = await priceRanges(words?.text ?? '', lexicon, snapshot);
    const read = readText(words?.text ?? '', asked.without ?? '', lexicon, ranges);
    const all = [...read.parts, ...read.without];
    const wishes = wishesOf(all);
    const text = { wanted: read.wanted, unwanted: unwantedOf(all).texts };
    const conditions = conditionsOf(asked.filters, wishes);
    const byFields = await findByFields(snapshot, text, asked.query, conditions);
    const isCode = byFields.matches.some(({ exact }) => exact);
    const having = isCode ? null : await stylesHaving(textsOf(read.parts), snapshot);
    clock.lap('search');
    const vector = await this.#vectorOf(read, words, image, snapshot, clock);
    clock.start();
    const told = isCode
      ? tellCode(words?.text ?? '', byFields.matches)
      : await tellParts(read, wishes, asked.filters, snapshot, this.#hasEncoder);
    return {
      words,
      usesMeaning: this.#hasEncoder && (words !== null || asked.without !== undefined),
      vector,
      byFields,
      wishes: isCode ? NO_WISHES : wishes,
      having: having?.size ? having : null,
      namesColor: all.some(({ kind, sense }) => kind === 'color' && sense.levels.length > 0),
      told,
      kinsOf: (categories) => lexicon.kinsOf(categories),
    };
  }

  get #hasEncoder(): boolean {
    return this.#embedder.info.words;
  }

  async #lexiconOf(snapshot: Snapshot, synonyms: Synonyms): Promise<Lexicon> {
    const known = this.#lexicons.get(snapshot);
    if (known?.synonyms === synonyms) return known.lexicon;
    const lexicon = makeLexicon(snapshot, synonyms);
    this.#lexicons.set(snapshot, { synonyms, lexicon });
    return lexicon;
  }

  /**
   * Beside a picture, text that is a condition is not part of the vector: the picture ranks what meets the conditions. For text
   * alone all of it is.
   */
  async #vectorOf(
    read: ReadText,
    words: CountedWords | null,
    image: QueryImage | null,
    snapshot: Searchable,
    clock: Clock,
  ): Promise<Float32Array | null> {
    const hasPicture = image !== null && (words?.balance ?? 0) < 1;
    const wanted = hasPicture ? textsOf(read.parts).join(' ') : read.wanted;
    const unwanted = [...read.parts, ...read.without]
      .filter(isSeen)
      .map(({ text }) => text)
      .join(', ');
    const parts: QueryPart[] = [];
    const ofWords = this.#hasEncoder && words && wanted !== '' ? words.balance : 0;
    const ofPicture = image ? 1 - ofWords : 0;
    if (image) parts.push({ vector: image.vector, weight: ofPicture });
    if (ofWords > 0) parts.push({ vector: await this.embed(wanted, clock), weight: ofWords });
    if (unwanted !== '' && this.#hasEncoder) {
      const vector = await this.embed(unwanted, clock);
      parts.push({ vector, weight: unwantedWeight(ofPicture, ofWords) });
    }
    return composeVector(parts, (vector) => snapshot.similarities(vector));
  }

  /**
   * Embeds a text; the last 500 are remembered.
   * @throws LookalikeError MODEL_*
   */
  async embed(text: string, clock: Clock): Promise<Float32Array> {
    if (!this.#hasEncoder) {
      const { name } = this.#embedder.info;
      throw new LookalikeError({ code: 'MODEL_WITHOUT_WORDS', params: { name } });
    }
    const known = this.#vectors.get(text);
    if (known) return known;
    clock.start();
    const vector = await this.#embedder.embedWords(text);
    clock.lap('embed');
    this.#vectors.set(text, vector);
    return vector;
  }
}

function readText(text: string, without: string, lexicon: Lexicon, ranges: readonly AskedPrice[]): ReadText {
  const parts = readWords(text, lexicon, { ranges });
  return { parts, without: readWords(without, lexicon, { allNot: true }), wanted: wantedText(text, parts) };
}

/**
 * The ranges without a currency that are prices here: something costs about so much, and neither the range nor its ends are a size or
 * anything else that a field says.
 */
async function priceRanges(text: string, lexicon: Lexicon, snapshot: Searchable): Promise<AskedPrice[]> {
  const prices: AskedPrice[] = [];
  for (const range of bareRangesOf(text)) {
    const { min = 0, max = 0, start, end } = range;
    const typed = text.slice(start, end);
    if (lexicon.hasSize(typed) || [min, max].some((limit) => lexicon.hasSize(String(limit)))) continue;
    if ((await snapshot.havingAll(typed, {})).size > 0) continue;
    const about = { min: min / ABOUT, max: max * ABOUT };
    if ((await snapshot.count({ words: [{ anyOf: [{ price: about }] }] })) > 0) prices.push(range);
  }
  return prices;
}

/** A range may be so many times off the prices of a catalog, and is still a price there. */
const ABOUT = 2;

function withoutText(image: QueryImage | null): Understood {
  return {
    words: null,
    usesMeaning: false,
    vector: image?.vector ?? null,
    byFields: { matches: [], unwanted: new Set() },
    wishes: NO_WISHES,
    having: null,
    namesColor: false,
    told: NOTHING_TOLD,
    kinsOf: () => [],
  };
}

/** The meanings of words in a snapshot. Colours whose names say nothing are those that their pictures show. */
async function makeLexicon(snapshot: Snapshot, synonyms: Synonyms): Promise<Lexicon> {
  const { values, titles, picturesOf } = await snapshot.words();
  const seenColor = (value: string) => {
    const signatures = picturesOf(value);
    const [first] = signatures;
    if (!first) return null;
    const mean = Float32Array.from(first, (_, i) =>
      signatures.reduce((sum, signature) => sum + (signature[i] ?? 0) / 255 / signatures.length, 0),
    );
    return colorName(mean);
  };
  return new Lexicon({ values, titles, seenColor }, synonyms);
}

/** What is not wanted and can be seen in a picture, though fields may not say it. */
function isSeen({ kind, not }: ReadPart): boolean {
  return not && ['property', 'title', 'text', 'category'].includes(kind);
}

/** The wanted words without a meaning of their own in the catalog. */
function textsOf(parts: readonly ReadPart[]): string[] {
  return parts.flatMap(({ not, bare, sense }) => (!not && sense.levels.length === 0 ? [bare] : []));
}

function wantedText(text: string, parts: readonly ReadPart[]): string {
  let wanted = text;
  for (const { kind, not, span } of parts.toReversed()) {
    if (not || kind === 'price' || kind === 'order')
      wanted = `${wanted.slice(0, span[0])} ${wanted.slice(span[1])}`;
  }
  return wanted.replace(/\s+/g, ' ').trim();
}

/** The ids of the styles that have all these words in their fields; those that no style has are left out. */
async function stylesHaving(
  texts: readonly string[],
  snapshot: Searchable,
): Promise<ReadonlySet<string> | null> {
  let all: ReadonlySet<string> | null = null;
  for (const text of texts) {
    const having = await snapshot.havingAll(text, {});
    if (having.size > 0) {
      const before: ReadonlySet<string> = all ?? having;
      all = new Set([...having].filter((id) => before.has(id)));
    }
  }
  return all;
}
