import type { Filters } from '../../contract/search.ts';
import { bothClauses, type Clause, type Condition, type Conditions } from '../words/conditions.ts';
import type { PriceOrder } from '../words/prices.ts';
import type { ReadPart } from '../words/read.ts';
import { together } from '../words/sense.ts';

/** Something that is wanted: one part of a text, or several that stand for alternatives ("navy or black"). */
export interface Wish {
  kind: ReadPart['kind'];
  /** Clauses that fit it, best first; see `Sense`. */
  levels: readonly (readonly Clause[])[];
  near: readonly (readonly Clause[])[];
  related: readonly (readonly Clause[])[];
}

/** What a text asks for, as conditions on products. */
export interface Wishes {
  /** What is not wanted. This is never given up. */
  firm: readonly Condition[];
  /** Prices. They are given up only for what hardly exists within them; see `levelsOfText`. */
  prices: readonly Condition[];
  /** Which price comes first; null where nothing was said. */
  order: PriceOrder | null;
  /** In the order in which they are given up, the first one first. */
  soft: readonly Wish[];
}

/** Colours are given up before what a product is. */
const GIVEN_UP: readonly ReadPart['kind'][] = ['color', 'size', 'title', 'property', 'brand', 'category'];

export const NO_WISHES: Wishes = { firm: [], prices: [], order: null, soft: [] };

/** Whether a text asks for anything that products can meet. */
export function isAsked({ firm, prices, order, soft }: Wishes): boolean {
  return firm.length + prices.length + soft.length > 0 || order !== null;
}

/** Parts that were found are wishes; the others are only reported. */
export function wishesOf(parts: readonly ReadPart[]): Wishes {
  const { conditions } = unwantedOf(parts);
  const prices: Condition[] = [];
  let order: PriceOrder | null = null;
  const soft: Wish[] = [];
  let last: { part: ReadPart; wish: Wish } | null = null;
  for (const part of parts) {
    const { kind, not, sense } = part;
    if (not || sense.levels.length + sense.near.length + sense.related.length === 0) continue;
    // All that is within the limits; the wish below puts first what is not exactly the limit.
    if (kind === 'price') prices.push({ anyOf: sense.levels.flat() });
    order ??= part.order;
    if (part.order) continue;
    const colors = kind === 'color' ? soft.find((wish) => wish.kind === 'color') : undefined;
    const joined: Wish | undefined = part.joined && last?.part.kind === kind ? last.wish : colors;
    const wish: Wish = joined ?? { kind, levels: [], near: [], related: [] };
    wish.levels = together(wish.levels, sense.levels);
    wish.near = together(wish.near, sense.near);
    wish.related = together(wish.related, sense.related);
    if (!joined) soft.push(wish);
    last = { part, wish };
  }
  soft.sort((a, b) => GIVEN_UP.indexOf(a.kind) - GIVEN_UP.indexOf(b.kind));
  return { firm: conditions, prices, order, soft };
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
    // A word without a meaning must not save the rest: "without stripes flurble" is without stripes.
    const clauses = thing.map(({ sense }) => unwantedClauses(sense)).filter((any) => any.length > 0);
    if (clauses.length === 0) texts.push(thing.map(({ bare }) => bare).join(' '));
    else {
      const anyOf = clauses.reduce((one, other) => one.flatMap((a) => other.map((b) => bothClauses(a, b))));
      conditions.push({ not: true, anyOf });
    }
  }
  return { conditions, texts };
}

/** Of a kind, also what titles call so. Where nothing has the name, what comes near is not wanted either. */
function unwantedClauses({ levels, near, related }: ReadPart['sense']): Clause[] {
  if (levels.length === 0) return near.flat();
  return [...levels.flat(), ...related.flat().filter(({ title }) => title !== undefined)];
}

/** Filters, what is firmly asked for and prices, with further conditions. */
export function conditionsOf(
  filters: Filters,
  { firm, prices }: Pick<Wishes, 'firm' | 'prices'>,
  more: readonly Condition[] = [],
): Conditions {
  const words = [...firm, ...prices, ...more];
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

/** How wide wishes may be taken: as they are meant, with what comes near, or with what is only related. */
type Reach = 'meant' | 'near' | 'related';

const levelsWithin = ({ levels, near, related }: Wish, reach: Reach): readonly (readonly Clause[])[] =>
  reach === 'meant' ? levels : reach === 'near' ? [...levels, ...near] : [...levels, ...near, ...related];

/** Conditions from the narrowest to all within reach: each wish at first as it fits best, then one after the other wider. */
function* narrowing(wishes: readonly Wish[], reach: Reach): Generator<Condition[]> {
  const all = wishes.map((wish) => levelsWithin(wish, reach));
  const width = all.map(() => 1);
  const conditions = () => all.map((levels, i) => ({ anyOf: levels.slice(0, width[i]).flat() }));
  yield conditions();
  // The last wishes are the dearest: a kind is widened to its kinds before a colour to its neighbours.
  for (let i = all.length - 1; i >= 0; i--) {
    while ((width[i] ?? 1) < (all[i]?.length ?? 0)) {
      width[i] = (width[i] ?? 1) + 1;
      yield conditions();
    }
  }
}

/** With fewer styles than this an answer goes on with what comes near. */
export const FEW = 5;

/** How far a price is from what is asked for; 0 within the limits, and infinite for no price. */
export function priceGap({ prices }: Wishes, price: number | null): number {
  if (price === null) return prices.length === 0 ? 0 : Number.POSITIVE_INFINITY;
  const gaps = prices.map(({ anyOf }) =>
    Math.min(
      ...anyOf.map(({ price: { min = price, max = price } = {} }) => Math.max(min - price, price - max, 0)),
    ),
  );
  return Math.max(0, ...gaps);
}

/** Compares prices as they are asked for: what has none comes last. */
export function inOrder(order: PriceOrder | null): (one: number | null, other: number | null) => number {
  return (one, other) => {
    if (order === null || one === other) return 0;
    if (one === null || other === null) return one === null ? 1 : -1;
    return order === 'lowest' ? one - other : other - one;
  };
}

/** Conditions beside the firm ones, and whether what meets them is all that was asked for. */
export interface Level {
  conditions: Condition[];
  fit: 'all' | 'some';
  /** Whatever the price, nearest to the asked one first. */
  anyPrice: boolean;
}

/**
 * For text alone, what to look for one after the other; styles that were found before count once. Where hardly a style is
 * everything that was asked for, it goes on with colours that come near, then with any colour, then with any price: who asks for a
 * dress under 80 rather takes one for 89 than a bag for 70. Where none is, it goes on with what has most of it.
 * @yields a level; takes the number of styles found so far
 */
export function* levelsOfText({ soft, prices }: Wishes): Generator<Level, void, number> {
  let found = 0;
  const tried = function* (
    wishes: readonly Wish[],
    reach: Reach,
    fit: Level['fit'],
    anyPrice = false,
  ): Generator<Level, void, number> {
    for (const conditions of narrowing(wishes, reach)) found = yield { conditions, fit, anyPrice };
  };
  yield* tried(soft, 'meant', 'all');
  if (found < FEW) yield* tried(soft, 'near', 'some');
  const others = soft.filter(({ kind }) => kind !== 'color' && kind !== 'price');
  const hasColor = others.length > 0 && soft.some(({ kind }) => kind === 'color');
  if (found < FEW && hasColor) yield* tried(others, 'meant', 'some');
  if (prices.length > 0) {
    for (const wishes of atAnyPrice(soft)) if (found < FEW) yield* tried(wishes, 'meant', 'some', true);
  }
  if (found > 0) return;
  yield* tried(soft, 'related', 'some');
  if (hasColor) yield* tried(others, 'related', 'some');
  for (let size = others.length - 1; size > 0 && found === 0; size--)
    for (const some of subsets(others, size)) yield* tried(some, 'near', 'some');
  if (soft.length > 1) for (const wish of soft.toReversed()) yield* tried([wish], 'near', 'some');
}

/** What is looked for at any price, one after the other: all of it, then in any colour, then the kind alone. */
function atAnyPrice(soft: readonly Wish[]): Wish[][] {
  const wishes = soft.filter(({ kind }) => kind !== 'price');
  const others = wishes.filter(({ kind }) => kind !== 'color');
  const kinds = wishes.filter(({ kind }) => kind === 'category');
  return [wishes, others, kinds].filter((some) => some.length > 0);
}

/** The choices of so many wishes; those of the dearest, which are the last, come first. */
function subsets(wishes: readonly Wish[], size: number): Wish[][] {
  if (size === 0) return [[]];
  return wishes
    .flatMap((wish, i) => subsets(wishes.slice(i + 1), size - 1).map((others) => [wish, ...others]))
    .toReversed();
}

/**
 * Beside a picture, whose kind stays unless the text names another. All styles are ranked: those that are not what was asked for
 * come last.
 * @param kinds categories of what the picture shows, the later ones wider
 */
export function* levelsBesidePicture(
  { soft, prices }: Wishes,
  kinds: readonly (readonly string[])[],
): Generator<{ conditions: Condition[]; anyPrice?: true }> {
  const named = soft.some(({ kind }) => kind === 'category');
  const shown = named || kinds.length === 0 ? [[]] : kinds;
  const others = soft.filter(({ kind }) => kind !== 'color' && kind !== 'price');
  const of = (categories: readonly string[]) =>
    categories.length === 0 ? [] : [{ anyOf: [{ category: categories }] }];
  for (const reach of ['meant', 'near'] as const) {
    for (const categories of shown)
      for (const conditions of narrowing(soft, reach))
        yield { conditions: [...conditions, ...of(categories)] };
  }
  for (const categories of shown)
    for (const conditions of narrowing(others, 'near'))
      yield { conditions: [...conditions, ...of(categories)] };
  if (named && prices.length > 0) {
    for (const wishes of atAnyPrice(soft))
      for (const conditions of narrowing(wishes, 'meant')) yield { conditions, anyPrice: true };
  }
  if (shown.length > 1) for (const categories of shown) yield { conditions: of(categories) };
  for (const conditions of narrowing(soft, 'related')) yield { conditions };
  yield { conditions: [] };
}
