import { isBasicName, NAMED_COLORS, type NamedColor, TWO_COLORS } from './colors.ts';
import { CONCEPTS, type Concept } from './concepts.ts';
import { fold, stemOf, type Token, tokensOf } from './forms.ts';

/** The longest name of several words. */
export const LONGEST_PHRASE = 4;

/** Vietnamese syllables without their marks are words of other languages: "đỏ" and "do". They count with marks alone. */
const VIETNAMESE = /[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉĩịọỏốồổỗộớờởỡợụủũứừửữựỳỵỷỹ]/;

/** Whether a text has letters that only Vietnamese has. */
export const isVietnamese = (text: string): boolean => VIETNAMESE.test(text.normalize('NFC').toLowerCase());

/** The stems of some words, as one key. */
export const keyOf = (text: string): string =>
  tokensOf(text)
    .map(({ stem }) => stem)
    .join(' ');

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

/** What a name stands for. */
export interface Named {
  color: NamedColor | null;
  /** A second colour that the name stands for as well: "xanh" is blue and green. */
  orColor: NamedColor | null;
  concepts: readonly Concept[];
}

const NOTHING_NAMED: Named = { color: null, orColor: null, concepts: [] };

/** The names of colours and concepts in seven languages. They are the same for every catalog. */
class Names {
  readonly #colors = new Map<string, NamedColor>();
  readonly #concepts = new Map<string, Concept[]>();
  /** Ids with their folded names: of two meanings of one stem, the one with that very name counts ("vest", "veste"). */
  readonly #exact = new Set<string>();
  /** Names that count only as written, with their marks. */
  readonly #marked = new Map<string, { color?: NamedColor; concept?: Concept }>();
  /** Names of one word, folded. */
  readonly words: string[] = [];

  constructor() {
    for (const color of NAMED_COLORS) for (const name of color.names) this.#add(name, { color });
    for (const concept of CONCEPTS) for (const name of concept.names) this.#add(name, { concept });
  }

  /**
   * What some words are the name of.
   * @param written the words with their marks, in lower case
   * @param folded the same without
   * @param joined the stem of both words in one: "back pack" is "backpack"; else the same as of the words
   */
  named(written: readonly string[], folded: readonly string[], joined: string): Named {
    const key = folded.map(stemOf).join(' ');
    const marked = this.#marked.get(written.join(' '));
    const named = this.#concepts.get(key) ?? this.#concepts.get(joined) ?? [];
    const isExact = ({ id }: { id: string }) => this.#exact.has(`${id} ${folded.join(' ')}`);
    const exact = named.filter(isExact);
    const stemmed = this.#colors.get(key) ?? this.#shade(folded);
    const color = marked?.color ?? (stemmed && exact.length > 0 && !isExact(stemmed) ? null : stemmed);
    const concepts = exact.length > 0 ? exact : named;
    const orColor = this.#orColor(written);
    return { color: color ?? null, orColor, concepts: marked?.concept ? [marked.concept] : concepts };
  }

  #orColor(written: readonly string[]): NamedColor | null {
    const id = TWO_COLORS.get(written.join(' '));
    return NAMED_COLORS.find((color) => color.id === id) ?? null;
  }

  /** The colour with this name, whatever its endings. */
  color(name: string): NamedColor | null {
    return this.#colors.get(keyOf(name)) ?? null;
  }

  /** The concepts that a text names, the longest names first. */
  conceptsIn(text: string): Concept[] {
    return this.#namedIn(text, ({ concepts }) => concepts.length > 0).flatMap(({ concepts }) => concepts);
  }

  /** The colours that a text names, the longest names first. */
  colorsIn(text: string): NamedColor[] {
    return this.#namedIn(text, ({ color }) => color !== null).flatMap(({ color }) => color ?? []);
  }

  /** The names of concepts, by their stems. */
  *conceptNames(): Iterable<[key: string, concepts: readonly Concept[]]> {
    yield* this.#concepts;
  }

  #add(name: string, meaning: { color?: NamedColor; concept?: Concept }): void {
    const written = name.normalize('NFC').toLowerCase();
    const folded = fold(name);
    if (VIETNAMESE.test(written)) {
      this.#marked.set(written, { ...meaning, ...this.#marked.get(written) });
      if (!folded.includes(' ')) return;
    }
    const id = meaning.color?.id ?? meaning.concept?.id ?? '';
    this.#exact.add(`${id} ${folded}`);
    const key = keyOf(name);
    if (meaning.color && !this.#colors.has(key)) this.#colors.set(key, meaning.color);
    if (meaning.concept) {
      const others = this.#concepts.get(key) ?? [];
      if (!others.includes(meaning.concept)) this.#concepts.set(key, [...others, meaning.concept]);
    }
    if (!folded.includes(' ')) this.words.push(folded);
  }

  #namedIn(text: string, test: (named: Named) => boolean): Named[] {
    const tokens = tokensOf(text);
    const found: Named[] = [];
    for (let at = 0; at < tokens.length; ) {
      let length = Math.min(LONGEST_PHRASE, tokens.length - at);
      for (; length > 0; length--) {
        const named = this.#spelt(tokens.slice(at, at + length));
        if (!test(named)) continue;
        found.push(named);
        break;
      }
      at += Math.max(1, length);
    }
    return found;
  }

  #spelt(part: readonly Token[]): Named {
    const marked = this.#marked.get(part.map(({ written }) => written).join(' '));
    const key = part.map(({ stem }) => stem).join(' ');
    const [color, concepts] = [this.#colors.get(key), this.#concepts.get(key)];
    if (!marked && !color && !concepts) return NOTHING_NAMED;
    return {
      color: marked?.color ?? color ?? null,
      orColor: null,
      concepts: concepts ?? (marked?.concept ? [marked.concept] : []),
    };
  }

  /** "Dark" or "light" and a basic colour, or a basic colour and its shade, where the two have no name of their own. */
  #shade(folded: readonly string[]): NamedColor | undefined {
    const [modifier = '', ...rest] = folded;
    const [last = ''] = folded.slice(-1);
    const [first, second] = [modifier, last].map((word) => this.#colors.get(stemOf(word)));
    if (folded.length === 2 && first && second) return shadeOfBoth(first, second);
    const isModifier = (word: string) => DARK.has(word) || LIGHT.has(word) || STRONG.has(word);
    if (folded.length < 2 || !(isModifier(modifier) || isModifier(last))) return undefined;
    const [said, name] = isModifier(modifier) ? [modifier, rest] : [last, folded.slice(0, -1)];
    const isDark = DARK.has(said);
    const color = this.#colors.get(name.map(stemOf).join(' '));
    if (!color?.lab || STRONG.has(said)) return color;
    const [l, a, b] = color.lab;
    return { ...color, id: `${isDark ? 'dark' : 'light'} ${color.id}`, lab: [l + (isDark ? -18 : 18), a, b] };
  }
}

let made: Names | undefined;

/** The names, made when the first text is read: an app that is asked by photos alone starts sooner. */
export function names(): Names {
  made ??= new Names();
  return made;
}
