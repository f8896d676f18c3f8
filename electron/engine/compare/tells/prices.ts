import type {
  ComparisonPrices,
  CurrencyPrices,
  PricePoint,
  PriceSpan,
  Side,
} from '../../../contract/compare-tells.ts';
import { positionOf, statedPrice } from '../../../contract/price-position.ts';
import type { Row } from '../row.ts';
import { categoryOf } from '../rows.ts';
import type { State } from '../state.ts';
import type { OurRange, Priced } from './our-range.ts';

/** The categories of ours that rows with a price may be in. */
export function pricedCategories(state: State): string[] {
  const categories = [...state.rows.values()].flatMap((row) =>
    statedPrice(row.sources) ? (categoryOf(row, state) ?? []) : [],
  );
  return [...new Set(categories)];
}

/**
 * What a picture counts as: our category where it was matched or nothing was decided and something close was found, and
 * theirs elsewhere. What we have nothing like would otherwise count as the kind of thing that we have.
 * @param ours our categories by their names in small letters
 */
function kindOf(row: Row, state: State, ours: ReadonlyMap<string, string>): string | null {
  const theirs = row.sources.find(({ facts }) => facts?.category)?.facts?.category ?? null;
  const isOurs = row.decision ? row.decision.product !== null : !state.isWeak(row);
  if (isOurs || theirs === null) return categoryOf(row, state);
  return ours.get(theirs.toLowerCase()) ?? theirs;
}

/** @param colorOf the name of the colour that a row's picture shows; null without a picture */
export function pricesOf(
  state: State,
  ours: OurRange,
  colorOf: (row: Row) => string | null,
): ComparisonPrices {
  const kinds = new Map(pricedCategories(state).map((category) => [category.toLowerCase(), category]));
  const theirs = [...state.rows.values()].flatMap((row) => {
    const stated = statedPrice(row.sources);
    if (stated?.price == null) return [];
    const { price, currency } = stated;
    return [{ category: kindOf(row, state, kinds), color: colorOf(row), price, currency }];
  });
  const pairs = pairsOf(state);
  const currencies = byMost(theirs, ({ currency }) => currency).map((currency) =>
    pricesIn(
      currency,
      theirs.filter((each) => each.currency === currency),
      ours.priced.filter((each) => each.currency === currency),
      pairs.percents.get(currency) ?? [],
    ),
  );
  const compared = currencies.reduce((sum, { all }) => sum + (all.ours?.count ?? 0), 0);
  const { styles, total, fault } = ours;
  return {
    priced: theirs.length,
    currencies,
    apart: pairs.apart,
    unpriced: pairs.unpriced,
    ours: { styles, total, elsewhere: ours.priced.length - compared },
    fault,
  };
}

function pricesIn(
  currency: string | null,
  theirs: readonly Priced[],
  ours: readonly Priced[],
  percents: readonly number[],
): CurrencyPrices {
  const categories = byMost(theirs, ({ category }) => category).map((category) => ({
    category,
    theirs: spanOf(theirs.filter((each) => each.category === category)),
    ours: spanOf(ours.filter((each) => each.category === category)),
  }));
  return {
    currency,
    all: { theirs: spanOf(theirs), ours: spanOf(ours) },
    categories,
    pairs: {
      below: percents.filter((percent) => percent < 0).length,
      level: percents.filter((percent) => percent === 0).length,
      above: percents.filter((percent) => percent > 0).length,
      median: percents.length === 0 ? null : Math.round(10 * medianOf(percents)) / 10,
    },
    points: [...pointsOf('theirs', theirs), ...pointsOf('ours', ours)],
  };
}

/** The matched pairs: their per cents by currency, and how many cannot be compared. */
function pairsOf({ rows, products }: State) {
  const percents = new Map<string | null, number[]>();
  let [apart, unpriced] = [0, 0];
  for (const { decision, sources } of rows.values()) {
    if (!decision || decision.match === 'none' || decision.match === 'unsure') continue;
    const ours = products.get(decision.product ?? '');
    const theirs = statedPrice(sources);
    const position = positionOf(ours, theirs);
    if (position?.percent != null) {
      const known = percents.get(position.currency) ?? [];
      known.push(position.percent);
      percents.set(position.currency, known);
    } else if (ours?.price == null || theirs?.price == null || position) unpriced++;
    else apart++;
  }
  return { percents, apart, unpriced };
}

function spanOf(priced: readonly Priced[]): PriceSpan | null {
  const prices = priced.map(({ price }) => price).sort((a, b) => a - b);
  const [entry, exit] = [prices[0], prices.at(-1)];
  if (entry === undefined || exit === undefined) return null;
  return { count: prices.length, entry, median: medianOf(prices), exit };
}

function medianOf(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = (sorted.length - 1) / 2;
  const [low, high] = [sorted[Math.floor(middle)] ?? 0, sorted[Math.ceil(middle)] ?? 0];
  return Math.round(50 * (low + high)) / 100;
}

function pointsOf(side: Side, priced: readonly Priced[]): PricePoint[] {
  const points = new Map<string, PricePoint>();
  for (const { category, color, price } of priced) {
    const key = JSON.stringify([category, color, price]);
    const point = points.get(key) ?? { side, category, color, price, count: 0 };
    point.count++;
    points.set(key, point);
  }
  return [...points.values()];
}

/** The different values, those of most first. */
function byMost<T, V>(of: readonly T[], by: (each: T) => V): V[] {
  const counts = new Map<V, number>();
  for (const each of of) counts.set(by(each), (counts.get(by(each)) ?? 0) + 1);
  return [...counts].sort(([, a], [, b]) => b - a).map(([value]) => value);
}
