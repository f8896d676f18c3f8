import { CatalogColors } from './catalog-colors.ts';
import type { NamedColor } from './colors.ts';
import { type Concept, DEEPEST, depthBelow, isKindOf } from './concepts.ts';
import type { Clause } from './conditions.ts';
import { fold, stemOf, tokensOf } from './forms.ts';
import { keyOf, names } from './names.ts';
import {
  type CatalogValue,
  clausesOf,
  isCategory,
  levelsOf,
  type Sense,
  senseOfValues,
  together,
} from './sense.ts';
import { Spellings } from './spellings.ts';

/** What a lexicon needs to know of a catalog. */
export interface CatalogWords {
  values: readonly CatalogValue[];
  /** For each stem in titles the words that have it, and in how many products' titles it is. */
  titles: ReadonlyMap<string, { words: ReadonlySet<string>; products: number }>;
  /** What the pictures of products with a colour show; the name of one of `NAMED_COLORS`, or null. */
  seenColor: (value: string) => string | null;
}

/** Words that mean the same in a shop, each line of its own list. */
export type Synonyms = readonly (readonly string[])[];

/** The least letters of a part of a compound: "Leder-jacke". */
const LEAST_PART = 4;
const MOST_COMPLETIONS = 50;

/** "Seta a" is not "setaa". */
const LEAST_JOINED = 3;

/** Of these a thing is only another thing in the same shop. */
const TOO_WIDE: ReadonlySet<string> = new Set(['clothing', 'accessory', 'furniture', 'patterned']);

/** Whether two concepts are kinds of one: a jacket is the nearest thing to a coat. */
function isRelated(one: Concept, others: readonly Concept[]): boolean {
  return others.some(({ parents }) =>
    parents.some((parent) => !TOO_WIDE.has(parent) && isKindOf(one.id, parent)),
  );
}

/**
 * The words that have a meaning in one catalog: its own values and titles, and the names of colours and concepts in several
 * languages, as far as the catalog has them. Made once for a snapshot.
 */
export class Lexicon {
  readonly #catalog: CatalogWords;
  readonly #colors: CatalogColors;
  /** Values by the stems of all their words, and by each of them. */
  readonly #valuesByKey = new Map<string, CatalogValue[]>();
  readonly #valuesByStem = new Map<string, CatalogValue[]>();
  readonly #conceptsOfValue = new Map<CatalogValue, readonly Concept[]>();
  /** What the shop's own list says a phrase is another name of. */
  readonly #synonyms = new Map<string, (readonly string[])[]>();
  readonly #spellings = new Spellings();
  readonly #senses = new Map<string, Sense | null>();

  constructor(catalog: CatalogWords, synonyms: Synonyms = []) {
    this.#catalog = catalog;
    for (const word of names().words) this.#spellings.add(word);
    for (const line of synonyms) for (const name of line) this.#addSynonym(name, line);
    for (const value of catalog.values) this.#addValue(value);
    for (const { words } of catalog.titles.values()) for (const word of words) this.#spellings.add(word);
    this.#colors = new CatalogColors(catalog.values, catalog.seenColor);
  }

  /**
   * What these words mean together; null when they mean nothing.
   * @param written the words with their marks, in lower case
   * @param folded the same without
   */
  sense(written: readonly string[], folded: readonly string[]): Sense | null {
    const phrase = written.join(' ');
    const known = this.#senses.get(phrase);
    if (known !== undefined) return known;
    const own = this.#ownSense(written, folded);
    const synonym = own && own.levels.length > 0 && own.kind !== 'title' ? null : this.#synonymSense(folded);
    const sense = synonym ?? own;
    if (this.#senses.size > 2000) this.#senses.clear();
    this.#senses.set(phrase, sense);
    return sense;
  }

  /** Whether a size of the catalog is written so, or has this in it: "98" of "98/104". */
  hasSize(text: string): boolean {
    const stems = tokensOf(text).map(({ stem }) => stem);
    const isSize = ({ field }: CatalogValue) => field === 'size';
    return stems.every((stem) => this.#valuesByStem.get(stem)?.some(isSize) ?? false);
  }

  /** The meanings of the parts of a compound: "Lederjacke" is of leather and a jacket. Null when it is none. */
  compound(folded: string): { at: number; first: Sense; second: Sense } | null {
    for (let at = 3; at <= folded.length - LEAST_PART; at++) {
      const second = folded.slice(at);
      const whole = this.#exact(second);
      if (!whole || (whole.kind !== 'category' && whole.kind !== 'property')) continue;
      for (const link of ['', 's', 'n', 'en', 'es', 'e']) {
        if (!folded.slice(0, at).endsWith(link)) continue;
        const first = folded.slice(0, at - link.length);
        const modifier = first.length >= 3 ? this.#exact(first) : null;
        if (modifier) return { at, first: modifier, second: whole };
      }
    }
    return null;
  }

  /** The sense of a compound's last part, which is what it is a kind of: "Abendkleid" is a dress. */
  headOf(folded: string): Sense | null {
    for (let at = 3; at <= folded.length - LEAST_PART; at++) {
      const head = this.#exact(folded.slice(at));
      if (head?.kind === 'category' && head.levels.length > 0) return head;
    }
    return null;
  }

  /** What a word may become when it is typed on; null when no word of the catalog begins so. */
  completion(folded: string): Sense | null {
    if (folded.length < 2) return null;
    const words = this.#spellings.beginningWith(folded).filter((word) => this.#isOfCatalog(word));
    if (words.length === 0) return null;
    const stems = [...new Set(words.map(stemOf))].slice(0, MOST_COMPLETIONS);
    const values = stems.flatMap((stem) => this.#valuesByStem.get(stem) ?? []);
    const clauses = [...clausesOf(values), { title: stems }];
    return { kind: 'title', values: words.slice(0, 5), levels: [clauses], near: [], related: [] };
  }

  /** The known word that a misspelt one is one edit away from; null for none. */
  correction(folded: string): string | null {
    return this.#spellings.correction(folded, (word) => this.#isFound(word));
  }

  /** Known words that a word without meaning may have been, likeliest first. */
  suggestions(folded: string): string[] {
    return this.#spellings.suggestions(folded, (word) => this.#isFound(word));
  }

  /** The categories that are kinds of one of these, or that these are kinds of: polo shirts beside T-shirts. */
  kinsOf(categories: readonly string[]): string[] {
    const kinds = (value: CatalogValue) =>
      (this.#conceptsOfValue.get(value) ?? []).filter(({ kind }) => kind === 'kind');
    const all = [...this.#conceptsOfValue.keys()].filter(isCategory);
    const own = all.filter(({ value }) => categories.includes(value)).flatMap(kinds);
    const isKin = (one: Concept) => own.some(({ id }) => isKindOf(one.id, id) || isKindOf(id, one.id));
    return all.filter((value) => kinds(value).some(isKin)).map(({ value }) => value);
  }

  #exact(folded: string): Sense | null {
    return this.sense([folded], [folded]);
  }

  #isFound(word: string): boolean {
    return (this.#exact(word)?.levels.length ?? 0) > 0;
  }

  #isOfCatalog(word: string): boolean {
    const stem = stemOf(word);
    return this.#valuesByStem.has(stem) || this.#catalog.titles.has(stem);
  }

  #addSynonym(name: string, line: readonly string[]): void {
    const key = keyOf(name);
    this.#synonyms.set(key, [...(this.#synonyms.get(key) ?? []), line]);
    if (!fold(name).includes(' ')) this.#spellings.add(fold(name));
  }

  #addValue(value: CatalogValue): void {
    const tokens = tokensOf(value.value);
    const push = (map: Map<string, CatalogValue[]>, key: string) =>
      map.set(key, [...(map.get(key) ?? []), value]);
    const key = tokens.map(({ stem }) => stem).join(' ');
    push(this.#valuesByKey, key);
    for (const stem of new Set(tokens.map((token) => token.stem))) push(this.#valuesByStem, stem);
    for (const { folded } of tokens) this.#spellings.add(folded);
    if (value.field === 'category' || value.field === 'attribute')
      this.#conceptsOfValue.set(value, names().conceptsIn(value.value));
  }

  /** What some words mean without the shop's own list. */
  #ownSense(written: readonly string[], folded: readonly string[]): Sense | null {
    const key = folded.map(stemOf).join(' ');
    // "t shirt" is typed for "tshirt", and "back pack" for "backpack".
    const [, second = ''] = folded;
    const joined = folded.length === 2 && second.length >= LEAST_JOINED ? stemOf(folded.join('')) : key;
    const { color, orColor, concepts } = names().named(written, folded, joined);
    const same = this.#valuesByKey.get(key) ?? this.#valuesByKey.get(joined) ?? [];
    const own = folded.length === 1 ? (this.#valuesByStem.get(key) ?? []) : [];
    const titled = folded.length === 1 && this.#catalog.titles.has(key) ? [key] : [];
    const isColor = ({ field }: CatalogValue) => field === 'color';
    const senses = [
      this.#brandSense(same, own),
      color || same.some(isColor) || own.some(isColor) ? this.#colorSense(key, color, orColor) : null,
      this.#conceptSense(concepts, same, own, titled),
      this.#sizeSense(same),
    ].filter((sense) => sense !== null);
    return senses.find(({ levels }) => levels.length > 0) ?? senses[0] ?? null;
  }

  /** The sense of the first of a word's synonyms that the catalog has. */
  #synonymSense(folded: readonly string[]): Sense | null {
    const key = folded.map(stemOf).join(' ');
    for (const name of (this.#synonyms.get(key) ?? []).flat()) {
      const tokens = tokensOf(name);
      if (tokens.length === 0 || keyOf(name) === key) continue;
      const written = tokens.map((token) => token.written);
      const sense = this.#ownSense(
        written,
        tokens.map((token) => token.folded),
      );
      if (sense && sense.levels.length > 0) return sense;
    }
    return null;
  }

  /** Where a name stands for two colours, what fits either of them as well. */
  #colorSense(key: string, color: NamedColor | null, orColor: NamedColor | null): Sense {
    const one = this.#colors.sense(key, color);
    if (!orColor) return one;
    const other = this.#colors.sense(key, orColor);
    const levels = together(one.levels, other.levels);
    const most = Math.max(one.values.length, other.values.length);
    const values = Array.from({ length: most }, (_, i) => [one.values[i], other.values[i]]).flat();
    const known = values.filter((value) => value !== undefined);
    return { ...one, values: [...new Set(known)], levels, near: together(one.near, other.near) };
  }

  #brandSense(same: readonly CatalogValue[], own: readonly CatalogValue[]): Sense | null {
    const brands = same.filter(({ field }) => field === 'brand');
    // "Lundmark" alone is "Lundmark Studio", unless the word stands elsewhere too.
    const part = own.every(({ field }) => field === 'brand') ? own : [];
    const found = brands.length > 0 ? brands : part;
    return found.length === 0 ? null : senseOfValues('brand', found);
  }

  #sizeSense(same: readonly CatalogValue[]): Sense | null {
    const sizes = same.filter(({ field }) => field === 'size');
    return sizes.length === 0 ? null : senseOfValues('size', sizes);
  }

  #conceptSense(
    concepts: readonly Concept[],
    same: readonly CatalogValue[],
    own: readonly CatalogValue[],
    titled: readonly string[],
  ): Sense | null {
    const isOurs = ({ field }: CatalogValue) => field === 'category' || field === 'attribute';
    const [whole, partly] = [same.filter(isOurs), own.filter(isOurs)];
    if (concepts.length === 0 && whole.length === 0 && partly.length === 0 && titled.length === 0)
      return null;
    const ids = concepts.map(({ id }) => id);
    const isSame = (each: Concept) => ids.includes(each.id);
    const isWithin = (each: Concept) => ids.some((id) => isKindOf(each.id, id));
    const valuesWith = (test: (concept: Concept) => boolean) =>
      [...this.#conceptsOfValue].flatMap(([value, its]) => (its.some(test) ? [value] : []));
    // "T-shirts" has the word "shirt" and is another kind; "Work shirts" is not.
    const isOther = (value: CatalogValue) =>
      concepts.length > 0 && (this.#conceptsOfValue.get(value) ?? []).some((each) => !isWithin(each));
    const kindsOf = Array.from({ length: DEEPEST }, (_, depth) =>
      valuesWith((each) => ids.some((id) => depthBelow(each.id, id) === depth + 1)),
    );
    const meant = [whole, valuesWith(isSame), ...kindsOf, partly.filter((value) => !isOther(value))];
    const { values, levels } = levelsOf(meant);
    const stems = [...new Set([...titled, ...this.#namesOf(isWithin)])];
    const inTitles = stems.length > 0 ? [[{ title: stems }]] : [];
    const isNew = (value: CatalogValue) => !values.includes(value);
    const wider = valuesWith((each) =>
      concepts.some(({ parents }) => parents.includes(each.id) && !TOO_WIDE.has(each.id)),
    );
    const related = levelsOf(
      [wider, valuesWith((each) => isRelated(each, concepts)), partly].map((group) => group.filter(isNew)),
    ).levels;
    const shown = values.length > 0 ? values.map(({ value }) => value) : this.#titleWords(stems);
    if (!values.some(isCategory) && !concepts.some(({ kind }) => kind === 'kind')) {
      const kind = values.length > 0 || concepts.length > 0 ? 'property' : 'title';
      const plain = ids.includes('plain') ? this.#untitled(levels) : levels;
      return { kind, values: shown, levels: [...plain, ...inTitles], near: related, related: [] };
    }
    const ofKind = this.#titledKinds(concepts, stems);
    const kinds = ofKind.length === 0 ? levels : [[...(levels[0] ?? []), ...ofKind], ...levels.slice(1)];
    // A kind that is no category of its own is what titles call so: a belt of "Belted coat", too.
    if (values.length === 0) {
      const kind = stems.length > 0 ? 'title' : 'category';
      return { kind, values: shown, levels: [...kinds, ...inTitles], near: [], related };
    }
    // A title that has the word of a kind may be of another one: "boot socks".
    return { kind: 'category', values: shown, levels: kinds, near: [], related: [...inTitles, ...related] };
  }

  /** Names by their stems, as titles write them. */
  #titleWords(names: readonly string[]): string[] {
    const wordOf = (stem: string) => [...(this.#catalog.titles.get(stem)?.words ?? [])][0] ?? stem;
    return names.map((name) => name.split(' ').map(wordOf).join(' '));
  }

  /** Plain is what no pattern is named of in the title either, whatever the feed's attribute says. */
  #untitled(levels: Sense['levels']): Sense['levels'] {
    const untitled = this.#namesOf(({ id, kind }) => kind === 'pattern' && id !== 'plain');
    return [...levels.map((level) => level.map((clause) => ({ ...clause, untitled }))), ...levels];
  }

  /**
   * Products that are of a kind by their title, where the category does not say or is wider: a roll-neck among the sweaters, a
   * beanie among the hats.
   */
  #titledKinds(concepts: readonly Concept[], stems: readonly string[]): Clause[] {
    if (stems.length === 0) return [];
    const ids = concepts.map(({ id }) => id);
    const isWider = (each: Concept) => ids.some((id) => isKindOf(id, each.id));
    const category: (string | null)[] = [null];
    for (const [value, its] of this.#conceptsOfValue) {
      if (value.field !== 'category') continue;
      if (its.length === 0 || its.some((each) => each.kind === 'kind' && isWider(each)))
        category.push(value.value);
    }
    return [{ category, title: stems }];
  }

  /** The names of concepts, by their stems, whose words all stand in titles. */
  #namesOf(test: (concept: Concept) => boolean): string[] {
    const found: string[] = [];
    for (const [key, concepts] of names().conceptNames()) {
      if (concepts.some(test) && key.split(' ').every((stem) => this.#catalog.titles.has(stem)))
        found.push(key);
    }
    return found;
  }
}
