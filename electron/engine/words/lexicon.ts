import { colorDistance, isBasicName, NAMED_COLORS, type NamedColor } from './colors.ts';
import { CONCEPTS, type Concept, DEEPEST, depthBelow, isKindOf } from './concepts.ts';
import type { Clause } from './conditions.ts';
import { fold, isOneEdit, isTwoEdits, stemOf, tokensOf } from './forms.ts';

/** A value of a catalog's field, and how many products have it. */
export interface CatalogValue {
  field: 'category' | 'brand' | 'color' | 'size' | 'attribute';
  /** The attribute's name; else empty. */
  name: string;
  value: string;
  products: number;
}

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

export type SenseKind = 'color' | 'category' | 'brand' | 'size' | 'property' | 'title';

/** What a word or several words can mean in a catalog. */
export interface Sense {
  kind: SenseKind;
  /** The values of the catalog that it stands for. */
  values: readonly string[];
  /** Clauses that the word's products meet, those that fit best first; later levels are wider. */
  levels: readonly (readonly Clause[])[];
  /** What comes near, for when hardly a product meets the rest. */
  near: readonly (readonly Clause[])[];
  /** Other things of the same use, for when no product does: a jacket for a coat. */
  related: readonly (readonly Clause[])[];
}

/** The longest name of several words. */
export const LONGEST_PHRASE = 4;

/** A colour that is farther from the asked one than this is not offered for it (CIE76). */
const NEAR_COLOR = 38;
/** A colour that is nearer than this looks like the asked one, whatever it is called. */
const ALIKE_COLOR = 20;
/** Shades of one basic colour may be so many times farther apart. */
const SAME_BASIC = 1.7;
/** What shines is not the grey or the yellow that it has in a picture. */
const METALS: ReadonlySet<string> = new Set(['silver', 'gold', 'bronze', 'copper']);

/** In a short word another letter makes another word: "seal" is not "smal". One too many or too few, or two swapped, may be a slip. */
const isSlip = (one: string, other: string): boolean =>
  isOneEdit(one, other) &&
  (one.length !== other.length || [...one].sort().join() === [...other].sort().join());

/** A shorter word is not corrected, as too many words are one letter away. */
const LEAST_CORRECTED = 4;
const LEAST_SUGGESTED = 5;
/** The least letters of a part of a compound: "Leder-jacke". */
const LEAST_PART = 4;
const MOST_SUGGESTIONS = 3;
const MOST_COMPLETIONS = 50;

/** "Seta a" is not "setaa". */
const LEAST_JOINED = 3;

/** Vietnamese syllables without their marks are words of other languages: "đỏ" and "do". They count with marks alone. */
const VIETNAMESE = /[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉĩịọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹ]/;

/** The stems of some words, as one key. */
const keyOf = (text: string): string =>
  tokensOf(text)
    .map(({ stem }) => stem)
    .join(' ');

interface ReadColor {
  value: string;
  products: number;
  key: string;
  colors: readonly NamedColor[];
}

/**
 * The words that have a meaning in one catalog: its own values and titles, and the names of colours and concepts in several
 * languages, as far as the catalog has them. Made once for a snapshot.
 */
export class Lexicon {
  readonly #catalog: CatalogWords;
  readonly #colorNames = new Map<string, NamedColor>();
  readonly #conceptNames = new Map<string, Concept[]>();
  /** Ids with their folded names: of two meanings of one stem, the one with that very name counts ("vest", "veste"). */
  readonly #exactNames = new Set<string>();
  /** Names that count only as written, with their marks. */
  readonly #marked = new Map<string, { color?: NamedColor; concept?: Concept }>();
  /** Values by the stems of all their words, and by each of them. */
  readonly #valuesByKey = new Map<string, CatalogValue[]>();
  readonly #valuesByStem = new Map<string, CatalogValue[]>();
  readonly #conceptsOfValue = new Map<CatalogValue, readonly Concept[]>();
  readonly #colors: readonly ReadColor[];
  /** What the shop's own list says a phrase is another name of. */
  readonly #synonyms = new Map<string, string[]>();
  /** Folded words that can be meant by a misspelt one, by length; the best known first. */
  readonly #spellings = new Map<number, Set<string>>();
  readonly #known = new Set<string>();
  readonly #senses = new Map<string, Sense | null>();

  constructor(catalog: CatalogWords, synonyms: Synonyms = []) {
    this.#catalog = catalog;
    for (const color of NAMED_COLORS) for (const name of color.names) this.#addName(name, { color });
    for (const concept of CONCEPTS) for (const name of concept.names) this.#addName(name, { concept });
    for (const names of synonyms)
      for (const name of names)
        this.#addSynonym(
          name,
          names.filter((other) => other !== name),
        );
    for (const value of catalog.values) this.#addValue(value);
    for (const { words } of catalog.titles.values()) for (const word of words) this.#addSpelling(word);
    this.#colors = catalog.values
      .filter(({ field }) => field === 'color')
      .map(({ value, products }) => ({ value, products, key: keyOf(value), colors: this.#readColor(value) }));
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
    const sense = this.#senseOf(written, folded);
    if (this.#senses.size > 2000) this.#senses.clear();
    this.#senses.set(phrase, sense);
    return sense;
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
    const words = [...this.#known].filter((word) => word.startsWith(folded) && this.#isOfCatalog(word));
    if (words.length === 0) return null;
    const stems = [...new Set(words.map(stemOf))].slice(0, MOST_COMPLETIONS);
    const values = stems.flatMap((stem) => this.#valuesByStem.get(stem) ?? []);
    const clauses = [...clausesOf(values), ...titleClause(stems)];
    return clauses.length === 0
      ? null
      : { kind: 'title', values: words.slice(0, 5), levels: [clauses], near: [], related: [] };
  }

  /** The known word that a misspelt one is one edit away from; null for none. */
  correction(folded: string): string | null {
    if (folded.length < LEAST_CORRECTED || /\d/.test(folded)) return null;
    const isNear = folded.length === LEAST_CORRECTED ? isSlip : isOneEdit;
    const near = this.#spelt(folded, 1, isNear);
    // A wrong first letter is rarer than any other slip.
    return near.find(([first]) => first === folded[0]) ?? near[0] ?? null;
  }

  /** Known words that a word without meaning may have been, likeliest first. */
  suggestions(folded: string): string[] {
    if (folded.length < LEAST_SUGGESTED || /\d/.test(folded)) return [];
    return this.#spelt(folded, 2, isTwoEdits).slice(0, MOST_SUGGESTIONS);
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

  #spelt(folded: string, within: number, isNear: (one: string, other: string) => boolean): string[] {
    const near: string[] = [];
    for (let length = folded.length - within; length <= folded.length + within; length++) {
      for (const word of this.#spellings.get(length) ?? []) if (isNear(folded, word)) near.push(word);
    }
    const weight = (word: string) => (this.#exact(word)?.levels.length ? 1 : 0);
    return near.sort((a, b) => weight(b) - weight(a));
  }

  #exact(folded: string): Sense | null {
    return this.sense([folded], [folded]);
  }

  #isOfCatalog(word: string): boolean {
    const stem = stemOf(word);
    return this.#valuesByStem.has(stem) || this.#catalog.titles.has(stem);
  }

  #addName(name: string, meaning: { color?: NamedColor; concept?: Concept }): void {
    const written = name.normalize('NFC').toLowerCase();
    const folded = fold(name);
    if (VIETNAMESE.test(written)) {
      this.#marked.set(written, { ...meaning, ...this.#marked.get(written) });
      if (!folded.includes(' ')) return;
    }
    const id = meaning.color?.id ?? meaning.concept?.id ?? '';
    this.#exactNames.add(`${id} ${folded}`);
    const key = keyOf(name);
    if (meaning.color && !this.#colorNames.has(key)) this.#colorNames.set(key, meaning.color);
    if (meaning.concept) {
      const others = this.#conceptNames.get(key) ?? [];
      if (!others.includes(meaning.concept)) this.#conceptNames.set(key, [...others, meaning.concept]);
    }
    if (!folded.includes(' ')) this.#addSpelling(folded);
  }

  #addSynonym(name: string, others: readonly string[]): void {
    const key = keyOf(name);
    this.#synonyms.set(key, [...(this.#synonyms.get(key) ?? []), ...others]);
    if (!fold(name).includes(' ')) this.#addSpelling(fold(name));
  }

  /** Numbers are left out: nobody means another one. */
  #addSpelling(folded: string): void {
    if (/\d/.test(folded)) return;
    this.#known.add(folded);
    const same = this.#spellings.get(folded.length) ?? new Set();
    this.#spellings.set(folded.length, same.add(folded));
  }

  #addValue(value: CatalogValue): void {
    const tokens = tokensOf(value.value);
    const push = (map: Map<string, CatalogValue[]>, key: string) =>
      map.set(key, [...(map.get(key) ?? []), value]);
    const key = tokens.map(({ stem }) => stem).join(' ');
    push(this.#valuesByKey, key);
    for (const stem of new Set(tokens.map((token) => token.stem))) push(this.#valuesByStem, stem);
    for (const { folded } of tokens) this.#addSpelling(folded);
    if (value.field === 'category' || value.field === 'attribute')
      this.#conceptsOfValue.set(value, this.#conceptsIn(value.value));
  }

  /** The concepts that a text names, the longest names first. */
  #conceptsIn(text: string): readonly Concept[] {
    const tokens = tokensOf(text);
    const found: Concept[] = [];
    for (let at = 0; at < tokens.length; ) {
      let length = Math.min(LONGEST_PHRASE, tokens.length - at);
      for (; length > 0; length--) {
        const part = tokens.slice(at, at + length);
        const marked = this.#marked.get(part.map(({ written }) => written).join(' '))?.concept;
        const named = this.#conceptNames.get(part.map(({ stem }) => stem).join(' '));
        const concepts = named ?? (marked ? [marked] : []);
        found.push(...concepts);
        if (concepts.length > 0) break;
      }
      at += Math.max(1, length);
    }
    return found;
  }

  /** The colours that a value names or, where it names none, the one that its pictures show. */
  #readColor(value: string): readonly NamedColor[] {
    const tokens = tokensOf(value);
    const found: NamedColor[] = [];
    for (let at = 0; at < tokens.length; ) {
      let length = Math.min(LONGEST_PHRASE, tokens.length - at);
      for (; length > 0; length--) {
        const part = tokens.slice(at, at + length);
        const color =
          this.#marked.get(part.map(({ written }) => written).join(' '))?.color ??
          this.#colorNames.get(part.map(({ stem }) => stem).join(' '));
        if (!color) continue;
        found.push(color);
        break;
      }
      at += Math.max(1, length);
    }
    if (found.length > 0) return found;
    const seen = this.#catalog.seenColor(value);
    const color = seen === null ? undefined : this.#colorNames.get(keyOf(seen));
    return color ? [color] : [];
  }

  #senseOf(written: readonly string[], folded: readonly string[]): Sense | null {
    const key = folded.map(stemOf).join(' ');
    // "t shirt" is typed for "tshirt", and "back pack" for "backpack".
    const [, second = ''] = folded;
    const joined = folded.length === 2 && second.length >= LEAST_JOINED ? stemOf(folded.join('')) : key;
    const marked = this.#marked.get(written.join(' '));
    const named = this.#conceptNames.get(key) ?? this.#conceptNames.get(joined) ?? [];
    const isExact = ({ id }: { id: string }) => this.#exactNames.has(`${id} ${folded.join(' ')}`);
    const exact = named.filter(isExact);
    const concepts = marked?.concept ? [marked.concept] : exact.length > 0 ? exact : named;
    const stemmed = this.#colorNames.get(key) ?? this.#shade(folded);
    const color = marked?.color ?? (stemmed && exact.length > 0 && !isExact(stemmed) ? undefined : stemmed);
    const same = this.#valuesByKey.get(key) ?? this.#valuesByKey.get(joined) ?? [];
    const own = folded.length === 1 ? (this.#valuesByStem.get(key) ?? []) : [];
    const titled = folded.length === 1 && this.#catalog.titles.has(key) ? [key] : [];
    const senses = [
      this.#brandSense(same, own),
      color || same.some(({ field }) => field === 'color') || own.some(({ field }) => field === 'color')
        ? this.#colorSense(key, color ?? null)
        : null,
      this.#conceptSense(concepts, same, own, titled),
      this.#sizeSense(same),
    ].filter((sense) => sense !== null);
    const found = senses.find(({ levels }) => levels.length > 0) ?? senses[0] ?? null;
    const synonym = this.#synonymSense(key);
    if (synonym && (!found || found.levels.length === 0 || found.kind === 'title')) return synonym;
    return found;
  }

  #synonymSense(key: string): Sense | null {
    const senses = (this.#synonyms.get(key) ?? []).flatMap((name) => {
      const tokens = tokensOf(name);
      if (tokens.length === 0 || keyOf(name) === key) return [];
      const stems = tokens.map(({ folded }) => folded);
      // Not `sense`: two synonyms of each other would ask each other for ever.
      const bare = new Map(this.#synonyms);
      this.#synonyms.clear();
      const sense = this.#senseOf(
        tokens.map(({ written }) => written),
        stems,
      );
      for (const [each, others] of bare) this.#synonyms.set(each, others);
      return sense && sense.levels.length > 0 ? [sense] : [];
    });
    return senses[0] ?? null;
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

  /** "Dark" or "light" and a basic colour, or a basic colour and its shade, where the two have no name of their own. */
  #shade(folded: readonly string[]): NamedColor | undefined {
    const [modifier = '', ...rest] = folded;
    const [last = ''] = folded.slice(-1);
    const [first, second] = [modifier, last].map((word) => this.#colorNames.get(stemOf(word)));
    if (folded.length === 2 && first && second) return shadeOfBoth(first, second);
    const isModifier = (word: string) => DARK.has(word) || LIGHT.has(word) || STRONG.has(word);
    if (folded.length < 2 || !(isModifier(modifier) || isModifier(last))) return undefined;
    const [said, name] = isModifier(modifier) ? [modifier, rest] : [last, folded.slice(0, -1)];
    const isDark = DARK.has(said);
    const color = this.#colorNames.get(name.map(stemOf).join(' '));
    if (!color?.lab || STRONG.has(said)) return color;
    const [l, a, b] = color.lab;
    return { ...color, id: `${isDark ? 'dark' : 'light'} ${color.id}`, lab: [l + (isDark ? -18 : 18), a, b] };
  }

  #colorSense(key: string, asked: NamedColor | null): Sense {
    const { meant, near } = asked
      ? this.#colorsFor(key, asked)
      : { meant: [this.#colorsCalled(key)], near: [] };
    const levels = (groups: readonly ReadColor[][]) =>
      groups.filter((group) => group.length > 0).map((group) => [{ color: group.map(({ value }) => value) }]);
    const shown = meant.flat().length > 0 ? meant.flat() : near.flat();
    const values = shown.map(({ value }) => value);
    return { kind: 'color', values, levels: levels(meant), near: levels(near), related: [] };
  }

  #colorsCalled(key: string): ReadColor[] {
    return this.#colors.filter((color) => ` ${color.key} `.includes(` ${key} `));
  }

  /**
   * Colours of the catalog for an asked one, each once, best first. For a basic colour: those that have its name, its shades, and
   * near to it what some call so too. For a shade: that shade by name or, where the catalog has none, what looks like it; near to it
   * what one could mean.
   */
  #colorsFor(key: string, asked: NamedColor): { meant: ReadColor[][]; near: ReadColor[][] } {
    const left = new Set(this.#colors);
    const take = (passes: (color: ReadColor) => boolean) => {
      const group = [...left].filter(passes);
      for (const color of group) left.delete(color);
      return group;
    };
    const has = ({ colors }: ReadColor, test: (color: NamedColor) => boolean) => colors.some(test);
    const called = new Set(this.#colorsCalled(key));
    const named = take((color) => called.has(color) || has(color, ({ id }) => id === asked.id));
    const basics = ({ colors }: ReadColor) => new Set(colors.map(({ basic }) => basic)).size;
    if (asked.lab === null) {
      return {
        meant: [named, take((color) => has(color, ({ lab }) => lab === null) || basics(color) > 1)],
        near: [],
      };
    }
    if (isBasicName(asked)) {
      const shades = take((color) => has(color, ({ basic }) => basic === asked.basic));
      return {
        meant: [named, shades],
        near: [take((color) => has(color, ({ also }) => also.includes(asked.basic)))],
      };
    }
    const distance = ({ colors }: ReadColor) => Math.min(...colors.map((each) => colorDistance(each, asked)));
    const isOne = ({ basic, also }: NamedColor) => basic === asked.basic || also.includes(asked.basic);
    const isMetal = METALS.has(asked.id);
    const isAlso = ({ basic }: NamedColor) => asked.also.includes(basic);
    const isSame = ({ basic }: NamedColor) => basic === asked.basic;
    const within = (most: number) => [
      take((color) => distance(color) <= most * SAME_BASIC && has(color, isSame)),
      take((color) => distance(color) <= most && has(color, isOne)),
      take((color) => distance(color) <= most && has(color, isAlso)),
    ];
    const alike = named.length > 0 || isMetal ? [] : within(ALIKE_COLOR);
    return { meant: [named, ...alike], near: within(NEAR_COLOR) };
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
    const inTitles = nonEmpty(titleClause(stems));
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
    const names: string[] = [];
    for (const [key, concepts] of this.#conceptNames) {
      if (concepts.some(test) && key.split(' ').every((stem) => this.#catalog.titles.has(stem)))
        names.push(key);
    }
    return names;
  }
}

const DARK = new Set(
  'dark deep dunkel dunkles dunkler dunkle dunkelt tief fonce foncee oscuro oscura scuro scura donker donkere dam sam'.split(
    ' ',
  ),
);
const LIGHT = new Set(
  'light pale pastel hell helles heller helle clair claire pale claro clara chiaro chiara licht lichte nhat'.split(
    ' ',
  ),
);

/** Of these a thing is only another thing in the same shop. */
const TOO_WIDE: ReadonlySet<string> = new Set(['clothing', 'accessory', 'furniture', 'patterned']);

/** Whether two concepts are kinds of one: a jacket is the nearest thing to a coat. */
function isRelated(one: Concept, others: readonly Concept[]): boolean {
  return others.some(({ parents }) =>
    parents.some((parent) => !TOO_WIDE.has(parent) && isKindOf(one.id, parent)),
  );
}

/** Says of a colour that it is that colour indeed. */
const STRONG = new Set(
  'bright vivid strong rich neon knall knallig leuchtend kraftig vif vive vivo vivi intenso acceso fel felle tuoi'.split(
    ' ',
  ),
);

/** "Verde oliva" is olive. */
function shadeOfBoth(one: NamedColor, other: NamedColor): NamedColor | undefined {
  const [basic, shade] = isBasicName(one) ? [one, other] : [other, one];
  const isShade = !isBasicName(shade) && [shade.basic, ...shade.also].includes(basic.basic);
  return isBasicName(basic) && isShade ? shade : undefined;
}

const isCategory = ({ field }: CatalogValue) => field === 'category';

const nonEmpty = (clauses: Clause[]): Clause[][] => (clauses.length > 0 ? [clauses] : []);

const titleClause = (stems: readonly string[]): Clause[] => (stems.length > 0 ? [{ title: stems }] : []);

/** Groups of values as levels, each value in the first of them that has it. */
function levelsOf(groups: readonly (readonly CatalogValue[])[]): {
  values: CatalogValue[];
  levels: Clause[][];
} {
  const seen = new Set<CatalogValue>();
  const levels = groups.map((group) => {
    const fresh = group.filter((value) => !seen.has(value));
    for (const value of fresh) seen.add(value);
    return fresh;
  });
  return {
    values: [...seen],
    levels: levels.map(clausesOf).filter((clauses) => clauses.length > 0),
  };
}

function senseOfValues(kind: SenseKind, values: readonly CatalogValue[]): Sense {
  return {
    kind,
    values: values.map(({ value }) => value),
    levels: [clausesOf(values)],
    near: [],
    related: [],
  };
}

/** Clauses for products with one of these values. */
function clausesOf(values: readonly CatalogValue[]): Clause[] {
  const of = (field: CatalogValue['field']) => values.filter((each) => each.field === field);
  const names = (field: CatalogValue['field']) => of(field).map(({ value }) => value);
  const [category, brand, color, size] = [names('category'), names('brand'), names('color'), names('size')];
  const attribute = of('attribute').map(({ name, value }) => ({ name, value }));
  return [
    ...(category.length > 0 ? [{ category }] : []),
    ...(brand.length > 0 ? [{ brand }] : []),
    ...(color.length > 0 ? [{ color }] : []),
    ...(size.length > 0 ? [{ size }] : []),
    ...(attribute.length > 0 ? [{ attribute }] : []),
  ];
}
