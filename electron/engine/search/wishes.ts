import type { Filters } from '../../contract/search.ts';
import { bothClauses, type Clause, type Condition, type Conditions } from '../words/conditions.ts';
import type { ReadPart } from '../words/read.ts';

/** Something that is wanted: one part of a text, or several that stand for alternatives ("navy or black"). */
export interface Wish {
  kind: ReadPart['kind'];
  /** Clauses that fit it, best first; see `Sense`. */
  levels: readonly (readonly Clause[])[];
  near: readonly (readonly Clause[])[];
}

/** What a text asks for, as conditions on products. */
export interface Wishes {
  /** Prices, and what is not wanted. These are never given up. */
  firm: readonly Condition[];
  /** In the order in which they are given up, the first one first. */
  soft: readonly Wish[];
}

/** Colours are given up before what a product is. */
const GIVEN_UP: readonly ReadPart['kind'][] = [
  'price',
  'color',
  'size',
  'title',
  'property',
  'brand',
  'category',
];

export const NO_WISHES: Wishes = { firm: [], soft: [] };

/** Parts that were found are wishes; the others are only reported. */
export function wishesOf(parts: readonly ReadPart[]): Wishes {
  const { conditions } = unwantedOf(parts);
  const firm: Condition[] = [...conditions];
  const soft: Wish[] = [];
  let last: { part: ReadPart; wish: Wish } | null = null;
  for (const part of parts) {
    const { kind, not, sense } = part;
    if (not || sense.levels.length === 0) continue;
    if (kind === 'price') firm.push({ anyOf: sense.levels.flat() });
    // A single price is looked for itself first.
    if (kind === 'price' && sense.levels.length === 1) continue;
    const colors = kind === 'color' ? soft.find((wish) => wish.kind === 'color') : undefined;
    const joined: Wish | undefined = part.joined && last?.part.kind === kind ? last.wish : colors;
    const wish: Wish = joined ?? { kind, levels: [], near: [] };
    wish.levels = together(wish.levels, sense.levels);
    wish.near = together(wish.near, sense.near);
    if (!joined) soft.push(wish);
    last = { part, wish };
  }
  soft.sort((a, b) => GIVEN_UP.indexOf(a.kind) - GIVEN_UP.indexOf(b.kind));
  return { firm, soft };
}

/**
 * What is not wanted: as conditions, and as text that is compared with all fields. Words that stand together are one thing: "no
 * navy stripes" leaves navy tees and red stripes.
 */
export function unwantedOf(parts: readonly ReadPart[]): { conditions: Condition[]; texts: string[] } {
  const things: ReadPart[][] = [];
  for (const [i, part] of parts.entries()) {
    if (!part.not) continue;
    const before = parts[i - 1];
    const goesOn = before?.not === true && !part.joined && part.text === part.bare;
    if (goesOn) things.at(-1)?.push(part);
    else things.push([part]);
  }
  const conditions: Condition[] = [];
  const texts: string[] = [];
  for (const thing of things) {
    const clauses = thing.map(({ kind, sense: { levels, near } }) =>
      levels.length > 0 && kind === 'category' ? [...levels, ...near].flat() : levels.flat(),
    );
    if (clauses.some((any) => any.length === 0)) texts.push(thing.map(({ bare }) => bare).join(' '));
    else {
      const anyOf = clauses.reduce((one, other) => one.flatMap((a) => other.map((b) => bothClauses(a, b))));
      conditions.push({ not: true, anyOf });
    }
  }
  return { conditions, texts };
}

function together(one: Wish['levels'], other: Wish['levels']): Wish['levels'] {
  const length = Math.max(one.length, other.length);
  return Array.from({ length }, (_, i) => [...(one[i] ?? []), ...(other[i] ?? [])]);
}

/** Filters and what is firmly asked for, with further conditions. */
export function conditionsOf(
  filters: Filters,
  { firm }: Wishes,
  more: readonly Condition[] = [],
): Conditions {
  const words = [...firm, ...more];
  return words.length === 0 ? filters : { ...filters, words };
}

/** Everything that is asked for, as it is meant. */
export function allOf(filters: Filters, wishes: Wishes): Conditions {
  return conditionsOf(
    filters,
    wishes,
    wishes.soft.map(({ levels }) => ({ anyOf: levels.flat() })),
  );
}

/** Of which wishes what only comes near is taken too. */
type Nears = 'none' | 'colors' | 'all';

/** How wide a wish is taken: so many of its levels, then those that are near. */
const widths = ({ kind, levels, near }: Wish, nears: Nears): number =>
  levels.length + (nears === 'all' || (nears === 'colors' && kind === 'color') ? near.length : 0);

function widened({ levels, near }: Wish, width: number): Condition {
  return { anyOf: [...levels, ...near].slice(0, width).flat() };
}

/**
 * Conditions from the narrowest to everything that is meant: each wish at first as it fits best, then one after the other wider.
 */
function* narrowing(wishes: readonly Wish[], nears: Nears): Generator<Condition[]> {
  const width = wishes.map(() => 1);
  const conditions = () => wishes.map((wish, i) => widened(wish, width[i] ?? 1));
  yield conditions();
  // The last wishes are the dearest: a kind is widened to its kinds before a colour to its neighbours.
  for (let i = wishes.length - 1; i >= 0; i--) {
    const wish = wishes[i];
    if (!wish) continue;
    while ((width[i] ?? 1) < widths(wish, nears)) {
      width[i] = (width[i] ?? 1) + 1;
      yield conditions();
    }
  }
}

/** With fewer styles than this an answer goes on with what comes near. */
const FEW = 5;

/** Conditions beside the firm ones, and whether what meets them is all that was asked for. */
export interface Level {
  conditions: Condition[];
  fit: 'all' | 'some';
}

/**
 * For text alone, what to look for one after the other; styles that were found before count once. Where hardly a style is
 * everything that was asked for, it goes on with colours that come near, then with any colour; where none is, with what has most of
 * it.
 * @yields a level; takes the number of styles found so far
 */
export function* levelsOfText({ soft }: Wishes): Generator<Level, void, number> {
  let found = 0;
  const tried = function* (
    wishes: readonly Wish[],
    nears: Nears,
    fit: Level['fit'],
  ): Generator<Level, void, number> {
    for (const conditions of narrowing(wishes, nears)) found = yield { conditions, fit };
  };
  yield* tried(soft, 'none', 'all');
  if (found < FEW) yield* tried(soft, 'colors', 'some');
  const others = soft.filter(({ kind }) => kind !== 'color' && kind !== 'price');
  const hasColors = others.length > 0 && others.length < soft.length;
  if (found < FEW && hasColors) yield* tried(others, 'none', 'some');
  if (found > 0) return;
  yield* tried(soft, 'all', 'some');
  if (hasColors) yield* tried(others, 'all', 'some');
  for (let from = 1; from < others.length && found === 0; from++)
    yield* tried(others.slice(from), 'all', 'some');
  if (soft.length > 1 && found === 0)
    for (const wish of soft.toReversed()) yield* tried([wish], 'all', 'some');
}

/**
 * Beside a picture, whose kind stays unless the text names another. All styles are ranked: those that are not what was asked for
 * come last.
 * @param kinds of what the picture shows; see `kindsShown`
 */
export function* levelsBesidePicture({ soft }: Wishes, kinds: readonly string[]): Generator<Condition[]> {
  const named = soft.some(({ kind }) => kind === 'category');
  const shown = named || kinds.length === 0 ? [[]] : [kinds.slice(0, 1), kinds];
  const others = soft.filter(({ kind }) => kind !== 'color' && kind !== 'price');
  const of = (categories: readonly string[]) =>
    categories.length === 0 ? [] : [{ anyOf: [{ category: categories }] }];
  for (const nears of ['none', 'colors'] as const) {
    for (const categories of shown)
      for (const conditions of narrowing(soft, nears)) yield [...conditions, ...of(categories)];
  }
  for (const categories of shown)
    for (const conditions of narrowing(others, 'all')) yield [...conditions, ...of(categories)];
  if (shown.length > 1) for (const categories of shown) yield of(categories);
  for (const conditions of narrowing(soft, 'all')) yield conditions;
  yield [];
}
