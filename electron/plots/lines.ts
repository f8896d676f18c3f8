import type { CurrencyPrices, PricePoint, Side } from '../contract/compare-tells.ts';
import type { Line, Strip } from './strips.ts';
import { COLOR_ORDER } from './swatches.ts';

/** The most lines of a plot; a table has the others. */
export const MOST_LINES = 12;

/** The lines of the plot of prices: the categories with the most pictures. @param nameless what pictures without one are called */
export function categoryLines({ categories, points }: CurrencyPrices, nameless: string): Line[] {
  return categories.slice(0, MOST_LINES).map(({ category, theirs, ours }) => {
    const inIt = points.filter((point) => point.category === category);
    return {
      name: category ?? nameless,
      theirs: { prices: pricesOf(inIt, 'theirs'), median: theirs?.median ?? null },
      ours: { prices: pricesOf(inIt, 'ours'), median: ours?.median ?? null },
    };
  });
}

/**
 * The lines of the plot of colours: those that both or either side have, in the order of the rainbow. Pictures of no known
 * category are left out, unless there are no others: nothing of ours is beside them.
 */
export function colorLines({ points: all }: CurrencyPrices): Line[] {
  const known = all.filter(({ category }) => category !== null);
  const points = known.length > 0 ? known : all;
  return COLOR_ORDER.flatMap((color) => {
    const inIt = points.filter((point) => point.color === color);
    return inIt.length === 0
      ? []
      : [{ name: color, theirs: stripOf(inIt, 'theirs'), ours: stripOf(inIt, 'ours') }];
  });
}

function stripOf(points: readonly PricePoint[], side: Side): Strip {
  const prices = pricesOf(points, side);
  return { prices, median: medianOf(prices) };
}

/** The prices of one side, each once. */
function pricesOf(points: readonly PricePoint[], side: Side): Strip['prices'] {
  const counts = new Map<number, number>();
  for (const point of points)
    if (point.side === side) counts.set(point.price, (counts.get(point.price) ?? 0) + point.count);
  return [...counts].map(([price, count]) => ({ price, count })).sort((a, b) => a.price - b.price);
}

/** The middle of prices that are sorted; of an even number the mean of both. */
function medianOf(prices: Strip['prices']): number | null {
  const count = countOf(prices);
  if (count === 0) return null;
  const at = (place: number) => {
    let before = 0;
    return prices.find((each) => {
      before += each.count;
      return before > place;
    })?.price;
  };
  const [low = 0, high = 0] = [at(Math.floor((count - 1) / 2)), at(Math.ceil((count - 1) / 2))];
  return Math.round(50 * (low + high)) / 100;
}

/** How many prices a strip has. */
export const countOf = (prices: Strip['prices']): number => prices.reduce((sum, { count }) => sum + count, 0);
