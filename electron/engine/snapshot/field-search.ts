import type { FullTextQuery, Occur, Table } from '@lancedb/lancedb';
import { LookalikeError } from '../../contract/errors.ts';
import { WORD_COLUMNS } from '../catalog/field-indexes.ts';
import { filtersToSql } from '../catalog/filters.ts';
import { lanceDb } from '../catalog/lance-library.ts';
import { uidOfKey } from '../catalog/product-ids.ts';
import type { Conditions } from '../words/conditions.ts';
import { fold, tokensOf } from '../words/forms.ts';
import { type CodeMatch, findByCode } from './codes.ts';
import type { ImageRows } from './image-rows.ts';
import { readVocabulary, type Vocabulary, wordsOf } from './vocabulary.ts';

/** The most rows that are read: more than anybody looks through. */
const MOST_ROWS = 20_000;

/** The weight of a completed word, relative to a word that was typed in full. */
const COMPLETED = 0.5;
const LEAST_BEGINNING = 2;
const MOST_COMPLETIONS = 50;

/** A product whose fields match the words of a query. */
export interface FieldMatch {
  uid: string;
  /**
   * The rank: 1 for the best; equal matches share it. Products that match all words are equal: a longer title says less
   * about relevance than the picture does.
   */
  place: number;
  /** The query is the product's SKU, barcode or id. */
  exact: boolean;
  /** All words were found, rather than some. */
  whole: boolean;
  /** The query is the title or the brand (`all`), or several words of the title in their order (`part`). */
  titled: 'all' | 'part' | null;
  /** The BM25 score as a share of the best match's, 0 to 1. */
  score: number;
}

/** Finds products by the words of their fields, in one version of a table. */
export class FieldSearch {
  readonly #table: Table;
  readonly #rows: ImageRows;
  readonly #firstRows: Uint32Array;
  #vocabulary: Promise<Vocabulary> | null = null;

  /** @param firstRows one row of each product */
  constructor(table: Table, rows: ImageRows, firstRows: Uint32Array) {
    this.#table = table;
    this.#rows = rows;
    this.#firstRows = firstRows;
  }

  /**
   * Finds the products with all the words in their fields or, when none has all, with some of them; best first. The last
   * word may be incomplete ("flor"). Products whose SKU, barcode or id is the query come first (see `findByCode`), then
   * those of a brand with this name.
   */
  async matching(words: string, filters: Conditions): Promise<FieldMatch[]> {
    const terms = wordsOf(words);
    if (terms.length === 0) return [];
    const vocabulary = await this.#words();
    const clauses = terms.map((term, i) => clauseOf(term, vocabulary, i === terms.length - 1));
    const coded = await this.#findByCode(words, filters);
    const all = await this.#find(clauses, lanceDb().Occur.Must, filters);
    const whole = all.length > 0 || clauses.length === 1;
    // When the query is a code, products that match only some of its parts are useless.
    const found =
      whole || coded.length > 0 ? all : await this.#find(clauses, lanceDb().Occur.Should, filters);
    return ranked(found, coded, fold(words), whole);
  }

  /** The uids of the products that have all these words in their fields. */
  async havingAll(words: string, filters: Conditions): Promise<Set<string>> {
    const terms = wordsOf(words);
    if (terms.length === 0) return new Set();
    const vocabulary = await this.#words();
    const clauses = terms.map((term) => clauseOf(term, vocabulary, false));
    const found = await this.#find(clauses, lanceDb().Occur.Must, filters);
    return new Set(found.map(({ uid }) => uid));
  }

  /** Whether a text query was made. */
  get isInUse(): boolean {
    return this.#vocabulary !== null;
  }

  /** Loads the words, so that the first text query need not wait for them. */
  async warmUp(): Promise<void> {
    const [row] = this.#firstRows;
    if (row !== undefined) await this.matching(String(this.#rows.value('title', row)), {});
  }

  /** Loaded at the first text query, not with the catalog. */
  #words(): Promise<Vocabulary> {
    this.#vocabulary ??= this.#readVocabulary().catch((cause: unknown) => {
      // A failure is not remembered: the next call tries again.
      this.#vocabulary = null;
      throw new LookalikeError({ code: 'WORDS_INDEX_DAMAGED', params: {} }, { cause });
    });
    return this.#vocabulary;
  }

  async #readVocabulary(): Promise<Vocabulary> {
    const indexes = await this.#table.listIndices();
    // Without an index Lance compares words in their exact spelling.
    const keepCase = !indexes.some(({ indexType }) => indexType === 'FTS');
    return readVocabulary(this.#rows, this.#firstRows, WORD_COLUMNS, keepCase);
  }

  async #findByCode(text: string, filters: Conditions): Promise<CodeMatch[]> {
    try {
      return await findByCode(this.#table, text, filtersToSql(filters));
    } catch (cause) {
      throw new LookalikeError('CATALOG_UNREADABLE', { cause });
    }
  }

  async #find(clauses: readonly FullTextQuery[], occur: Occur, filters: Conditions): Promise<FoundProduct[]> {
    try {
      return await this.#ask(clauses, occur, filters);
    } catch (cause) {
      throw new LookalikeError({ code: 'WORDS_INDEX_DAMAGED', params: {} }, { cause });
    }
  }

  async #ask(clauses: readonly FullTextQuery[], occur: Occur, filters: Conditions): Promise<FoundProduct[]> {
    const query = this.#table
      .query()
      .fullTextSearch(new (lanceDb().BooleanQuery)(clauses.map((clause) => [occur, clause])))
      .select(['key', 'productId', 'sku', 'brand', 'title', '_score'])
      .limit(MOST_ROWS);
    const where = filtersToSql(filters);
    const found = await (where === null ? query : query.where(where)).toArrow();
    const text = (column: string) => {
      const values = found.getChild(column);
      return (i: number) => String(values?.get(i) ?? '');
    };
    const [keyOf, idOf, skuOf] = [text('key'), text('productId'), text('sku')];
    const [brandOf, titleOf] = [text('brand'), text('title')];
    const scores = found.getChild('_score');
    const products = new Map<string, FoundProduct>();
    for (let i = 0; i < found.numRows; i++) {
      const uid = uidOfKey(keyOf(i));
      const score = Number(scores?.get(i));
      const known = products.get(uid);
      if (known) known.score = Math.max(known.score, score);
      else
        products.set(uid, { uid, id: idOf(i), sku: skuOf(i), brand: brandOf(i), title: titleOf(i), score });
    }
    return [...products.values()];
  }
}

/** The query for one word, in the catalog's spellings. If the word may be incomplete, its completions count too. */
function clauseOf(term: string, vocabulary: Vocabulary, mayBeBegun: boolean): FullTextQuery {
  const typed = anyOf(vocabulary.spellings(term), 1);
  if (!mayBeBegun || term.length < LEAST_BEGINNING) return typed;
  const completions = vocabulary.completions(term, MOST_COMPLETIONS);
  if (completions.length === 0) return typed;
  const completed = anyOf(
    completions.flatMap((word) => vocabulary.spellings(word)),
    COMPLETED,
  );
  return new (lanceDb().BooleanQuery)([
    [lanceDb().Occur.Should, typed],
    [lanceDb().Occur.Should, completed],
  ]);
}

/** Any of these words, in any of the searched fields. */
function anyOf(words: readonly string[], boost: number): FullTextQuery {
  return new (lanceDb().MultiMatchQuery)(words.join(' '), [...WORD_COLUMNS], {
    boosts: WORD_COLUMNS.map(() => boost),
  });
}

interface FoundProduct extends CodeMatch {
  title: string;
  score: number;
}

/** Whether the words are a title, or stand in it together. */
function titledBy(asked: readonly string[], title: string): FieldMatch['titled'] {
  const stems = tokensOf(title).map(({ stem }) => stem);
  if (asked.length === 0 || !` ${stems.join(' ')} `.includes(` ${asked.join(' ')} `)) return null;
  return asked.length === stems.length ? 'all' : asked.length > 1 ? 'part' : null;
}

function ranked(
  found: readonly FoundProduct[],
  coded: readonly CodeMatch[],
  asked: string,
  whole: boolean,
): FieldMatch[] {
  const most = found.reduce((best, { score }) => Math.max(best, score), 0);
  const known = new Set(found.map(({ uid }) => uid));
  const byCode = new Set(coded.map(({ uid }) => uid));
  const others = coded
    .filter(({ uid }) => !known.has(uid))
    .map((match) => ({ ...match, title: '', score: most }));
  const words = tokensOf(asked).map(({ stem }) => stem);
  const sorted = [...found, ...others]
    .map(({ uid, id, sku, brand, title, score }) => ({
      uid,
      exact: byCode.has(uid) || [sku, id, uid].some((name) => fold(name) === asked),
      // A brand's name is rarer in titles than among brands, so BM25 alone would rank titles that mention it first.
      branded: fold(brand) === asked,
      titled: fold(brand) === asked ? ('all' as const) : titledBy(words, title),
      score: most > 0 ? score / most : 0,
    }))
    .sort(
      (a, b) =>
        Number(b.exact) - Number(a.exact) || Number(b.branded) - Number(a.branded) || b.score - a.score,
    );
  let place = 0;
  let before: (typeof sorted)[number] | undefined;
  return sorted.map((match) => {
    const { uid, exact, branded, titled, score } = match;
    const alike = before?.exact === exact && before.branded === branded;
    if (!before || !alike || (!whole && before.score > score)) place++;
    before = match;
    return { uid, place, exact, whole: whole || exact, titled, score: exact && most === 0 ? 1 : score };
  });
}
