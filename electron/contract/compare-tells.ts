import { z } from 'zod';
import { comparedProduct, comparisonProgress, rowNumber } from './compare.ts';
import { fault } from './faults.ts';

/**
 * What a comparison tells of two ranges, beside its rows: which of our styles are hit, what we have nothing like, and how the
 * prices stand. It is about what has been compared and decided so far, and is asked again after decisions.
 */

const count = z.number().int();

/** A style of ours that pictures were matched with. The filters `style` and `match` give the rows of a number. */
export const styleHit = z.object({
  /** As it was decided last. */
  product: comparedProduct,
  same: count,
  equivalent: count,
  similar: count,
});
export type StyleHit = z.infer<typeof styleHit>;

/** The most `styleHit`s of an overview. */
export const MOST_HITS = 24;

/** Prices of a range: the lowest, the middle one (of an even number the mean of both) and the highest. */
export const priceSpan = z.object({ count, entry: z.number(), median: z.number(), exit: z.number() });
export type PriceSpan = z.infer<typeof priceSpan>;

export const side = z.enum(['theirs', 'ours']);
export type Side = z.infer<typeof side>;

/** Null: none has a price in this currency. */
const spans = z.object({ theirs: priceSpan.nullable(), ours: priceSpan.nullable() });

/** Pictures or styles of one price, one kind and one colour. */
export const pricePoint = z.object({
  side,
  /** Ours; for pictures that nothing of ours is close to, the one that they state. Null: none is known. */
  category: z.string().nullable(),
  /** As it was seen in the picture, on both sides alike: one of the names of `images/color-name.ts`. Null: there is none. */
  color: z.string().nullable(),
  price: z.number(),
  count,
});
export type PricePoint = z.infer<typeof pricePoint>;

/** The prices of one currency. Currencies are never added up or converted. */
export const currencyPrices = z.object({
  /** Null: prices of which no currency is stated. */
  currency: z.string().nullable(),
  /** Of all categories that are known, with ours in the same ones. */
  all: spans,
  /** Those with the most pictures first; pictures of no known category last, with nothing of ours. */
  categories: z.array(spans.extend({ category: z.string().nullable() })),
  /** Of the matched pairs with both prices: how many of ours are cheaper, as dear, dearer, and the middle of the per cents. */
  pairs: z.object({ below: count, level: count, above: count, median: z.number().nullable() }),
  points: z.array(pricePoint),
});
export type CurrencyPrices = z.infer<typeof currencyPrices>;

export const comparisonPrices = z.object({
  /** Pictures with a competitor's price. None: nothing else is said. */
  priced: count,
  /** Those that most of their prices are in first. */
  currencies: z.array(currencyPrices),
  /** Matched pairs whose prices are in two currencies, or in one that is not stated. They are not compared. */
  apart: count,
  /** Matched pairs of which one has no price. */
  unpriced: count,
  /** Matched pairs whose product of ours has left the catalog. They are not compared. */
  gone: count,
  /**
   * Our side: the styles of the compared snapshot in the categories that their pictures are in. `styles` of them were read,
   * of `total`: in a range of more than 20,000 they are spread evenly over it. `elsewhere` have prices in no currency of theirs.
   */
  ours: z.object({ styles: count, total: count, elsewhere: count }),
  /** Why our side could not be read. */
  fault: fault.nullable(),
});
export type ComparisonPrices = z.infer<typeof comparisonPrices>;

export const comparisonOverview = z.object({
  /** The styles that most pictures were matched with, at most `MOST_HITS`. */
  hits: z.array(styleHit),
  /** Number of different styles of ours that pictures were matched with. */
  stylesHit: count,
  prices: comparisonPrices,
});
export type ComparisonOverview = z.infer<typeof comparisonOverview>;

/**
 * Pictures of theirs that look alike and that nothing of ours is close to. Which pictures lie together does not depend on
 * decisions.
 */
export const gapPile = z.object({
  /** Decided: we have nothing like it. The picture that is most like the others first. */
  missing: z.array(rowNumber),
  /** Undecided, and their first candidate is only `similar` or `other`, or there is none. */
  undecided: z.array(rowNumber),
  /** What a person called it; null before. It stays when pictures join or leave the pile. Names of piles that have grown together are joined by " + ". */
  name: z.string().nullable(),
});
export type GapPile = z.infer<typeof gapPile>;

/** Pictures are piled, all in one go: `done` is the share of the work, in pictures. */
export const pilingProgress = comparisonProgress.omit({ phase: true });
export type PilingProgress = z.infer<typeof pilingProgress>;

export const comparisonPiles = z.object({
  /** Those with the most missing first. */
  piles: z.array(gapPile),
  /** How long it took to pile the pictures, when that was last done. */
  seconds: z.number(),
});
export type ComparisonPiles = z.infer<typeof comparisonPiles>;
