import { colorDistance, isBasicName, type NamedColor } from './colors.ts';
import { keyOf, names } from './names.ts';
import type { CatalogValue, Sense } from './sense.ts';

/** A colour that is farther from the asked one than this is not offered for it (CIE76). */
const NEAR_COLOR = 38;
/** A colour that is nearer than this looks like the asked one, whatever it is called. */
const ALIKE_COLOR = 20;
/** Shades of one basic colour may be so many times farther apart. */
const SAME_BASIC = 1.7;
/** What shines is not the grey or the yellow that it has in a picture. */
const METALS: ReadonlySet<string> = new Set(['silver', 'gold', 'bronze', 'copper']);

interface ReadColor {
  value: string;
  key: string;
  colors: readonly NamedColor[];
}

/** The colours of one catalog, by what they are called and by what their pictures show. */
export class CatalogColors {
  readonly #colors: readonly ReadColor[];

  /** @param seenColor what the pictures of products with a colour show; the name of one of `NAMED_COLORS`, or null */
  constructor(values: readonly CatalogValue[], seenColor: (value: string) => string | null) {
    const read = (value: string) => {
      const named = names().colorsIn(value);
      if (named.length > 0) return named;
      const seen = seenColor(value);
      const color = seen === null ? null : names().color(seen);
      return color ? [color] : [];
    };
    this.#colors = values
      .filter(({ field }) => field === 'color')
      .map(({ value }) => ({ value, key: keyOf(value), colors: read(value) }));
  }

  /**
   * The catalog's colours for a word.
   * @param key the stems of the word
   * @param asked the colour that the word names; null when only the catalog calls a colour so
   */
  sense(key: string, asked: NamedColor | null): Sense {
    const { meant, near } = asked ? this.#meant(key, asked) : { meant: [this.#called(key)], near: [] };
    const levels = (groups: readonly ReadColor[][]) =>
      groups.filter((group) => group.length > 0).map((group) => [{ color: group.map(({ value }) => value) }]);
    const shown = meant.flat().length > 0 ? meant.flat() : near.flat();
    const values = shown.map(({ value }) => value);
    return { kind: 'color', values, levels: levels(meant), near: levels(near), related: [] };
  }

  #called(key: string): ReadColor[] {
    return this.#colors.filter((color) => ` ${color.key} `.includes(` ${key} `));
  }

  /**
   * Colours of the catalog for an asked one, each once, best first. For a basic colour: those that have its name, its shades, and
   * near to it what some call so too. For a shade: that shade by name or, where the catalog has none, what looks like it; near to it
   * what one could mean.
   */
  #meant(key: string, asked: NamedColor): { meant: ReadColor[][]; near: ReadColor[][] } {
    const left = new Set(this.#colors);
    const take = (passes: (color: ReadColor) => boolean) => {
      const group = [...left].filter(passes);
      for (const color of group) left.delete(color);
      return group;
    };
    const has = ({ colors }: ReadColor, test: (color: NamedColor) => boolean) => colors.some(test);
    const called = new Set(this.#called(key));
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
}
