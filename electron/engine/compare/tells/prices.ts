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

/** The rows with a competitor's price, each with the category that it counts in. */
export function pricedRows(state: State): PricedRow[] {
  const ours = new Map<string, string>();
  for (const { category } of state.products.values())
    if (category !== null) ours.set(category.toLowerCase(), category);
  return [...state.rows.values()].flatMap((row) => {
    const stated = statedPrice(state.pricedSources(row));
    if (stated?.price == null) return [];
    const { price, currency } = stated;
    return [{ row, category: kindOf(row, state, ours), price, currency }];
  });
}

interface PricedRow extends Omit<Priced, 'color'> {
  row: Row;
}

/** The categories that rows with a price are in. */
export function categoriesOf(rows: readonly PricedRow[]): string[] {
  return [...new Set(rows.flatMap(({ category }) => category ?? []))];
}

/**
 * What a picture counts as: our category where it was matched, elsewhere what they say, and where they say nothing that of a close
 * candidate, which nobody has confirmed. Null: nobody knows.
 * @param ours our categories by their names in small letters
 */
function kindOf(row: Row, state: State, ours: ReadonlyMap<string, string>): string | null {
  const match = row.decision?.match;
  const isMatched = match === 'same' || match === 'equivalent' || match === 'similar';
  const theirs = row.sources.find(({ facts }) => facts?.category)?.facts?.category ?? null;
  const stated = theirs && (ours.get(theirs.toLowerCase()) ?? theirs);
  const close = match === 'none' || state.isWeak(row) ? null : categoryOf(row, state);
  return isMatched ? (categoryOf(row, state) ?? stated) : (stated ?? close);
}

/** @param colorOf the name of the colour that a row's picture shows; null without a picture */
export function pricesOf(
  state: State,
  rows: readonly PricedRow[],
  ours: OurRange,
  colorOf: (row: Row) => string | null,
): ComparisonPrices {
  const theirs = rows.map(({ row, ...priced }) => ({ ...priced, color: colorOf(row) }));
  const pairs = pairsOf(state);
  const currencies = byMost(theirs, ({ currency }) => currency).map((currency) =>
    pricesIn(
      currency,
      theirs.filter((each) => each.currency === currency),
      ours.priced.filter((each) => each.currency === currency),
      pairs.percents.get(currency) ?? [],
    ),
  );
  const elsewhere = ours.priced.filter((each) => !theirs.some(({ currency }) => currency === each.currency));
  const { styles, total, fault } = ours;
  return {
    priced: theirs.length,
    currencies,
    apart: pairs.apart,
    unpriced: pairs.unpriced,
    gone: pairs.gone,
    ours: { styles, total, elsewhere: elsewhere.length },
    fault,
  };
}

function pricesIn(
  currency: string | null,
  theirs: readonly Priced[],
  ours: readonly Priced[],
  percents: readonly number[],
): CurrencyPrices {
  // Those of an unknown category are beside nothing of ours.
  const sorted = byMost(theirs, ({ category }) => category);
  const known = sorted.filter((category) => category !== null);
  const compared = ours.filter(({ category }) => category !== null && known.includes(category));
  const categories = [...known, ...(sorted.includes(null) ? [null] : [])].map((category) => ({
    category,
    theirs: spanOf(theirs.filter((each) => each.category === category)),
    ours: spanOf(compared.filter((each) => each.category === category)),
  }));
  return {
    currency,
    all: { theirs: spanOf(theirs.filter(({ category }) => category !== null)), ours: spanOf(compared) },
    categories,
    pairs: {
      below: percents.filter((percent) => percent < 0).length,
      level: percents.filter((percent) => percent === 0).length,
      above: percents.filter((percent) => percent > 0).length,
      median:
        percents.length === 0 ? null : Math.round(10 * medianOf(percents.toSorted((a, b) => a - b))) / 10,
    },
    points: [...pointsOf('theirs', theirs), ...pointsOf('ours', compared)],
  };
}

/** The matched pairs: their per cents by currency, and how many cannot be compared. */
function pairsOf(state: State) {
  const { rows, products } = state;
  const percents = new Map<string | null, number[]>();
  let [apart, unpriced, gone] = [0, 0, 0];
  for (const row of rows.values()) {
    const { decision, changed } = row;
    if (!decision || decision.match === 'none' || decision.match === 'unsure') continue;
    if (changed === 'gone') {
      gone++;
      continue;
    }
    const ours = products.get(decision.product ?? '');
    const theirs = statedPrice(state.pricedSources(row));
    const position = positionOf(ours, theirs);
    if (position?.percent != null) {
      const known = percents.get(position.currency) ?? [];
      known.push(position.percent);
      percents.set(position.currency, known);
    } else if (ours?.price == null || theirs?.price == null || position) unpriced++;
    else apart++;
  }
  return { percents, apart, unpriced, gone };
}

function spanOf(priced: readonly Priced[]): PriceSpan | null {
  const prices = priced.map(({ price }) => price).sort((a, b) => a - b);
  const [entry, exit] = [prices[0], prices.at(-1)];
  if (entry === undefined || exit === undefined) return null;
  return { count: prices.length, entry, median: medianOf(prices), exit };
}

/** @param sorted at least one, smallest first */
function medianOf(sorted: readonly number[]): number {
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
