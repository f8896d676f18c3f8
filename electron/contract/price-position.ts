/** How our price stands to a competitor's. Prices in different currencies, or in none that is stated, are not compared. */
export interface PricePosition {
  ours: number;
  theirs: number;
  currency: string;
  /** Ours less theirs, in the currency, rounded to hundredths: above 0 where ours is dearer. */
  difference: number;
  /** The difference in per cent of their price, rounded to tenths; null where theirs is 0. */
  percent: number | null;
}

interface Priced {
  price: number | null;
  currency: string | null;
}

/** The position of a product of ours beside one of theirs; null where they cannot be compared. */
export function positionOf(
  ours: Priced | null | undefined,
  theirs: Priced | null | undefined,
): PricePosition | null {
  if (ours?.price == null || theirs?.price == null) return null;
  if (ours.currency === null || ours.currency !== theirs.currency) return null;
  const difference = ours.price - theirs.price;
  return {
    ours: ours.price,
    theirs: theirs.price,
    currency: ours.currency,
    difference: Math.round(100 * difference) / 100,
    percent: theirs.price === 0 ? null : Math.round((1000 * difference) / theirs.price) / 10,
  };
}

/** What a row's sources say of its price: the first that states one. */
export function statedPrice<Facts extends Priced>(sources: readonly { facts: Facts | null }[]): Facts | null {
  return sources.find(({ facts }) => facts?.price != null)?.facts ?? null;
}
