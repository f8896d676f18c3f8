import type { ComparisonOverview, ComparisonPiles, PriceSpan } from '../contract/compare-tells.ts';
import { faultSentence } from './sentences.ts';

const out = (line: string) => process.stdout.write(`${line}\n`);

/** Styles and piles that are named one by one. */
const MOST = 10;

/** What a comparison tells: gaps, styles that are hit, and prices. */
export function printTells(
  { hits, stylesHit, prices }: ComparisonOverview,
  { piles }: Pick<ComparisonPiles, 'piles'>,
): void {
  const missing = piles.filter((pile) => pile.missing.length > 0);
  if (missing.length > 0) {
    const count = missing.reduce((sum, pile) => sum + pile.missing.length, 0);
    out(`Gaps in our range: ${count} pictures in ${missing.length} piles`);
    for (const pile of missing.slice(0, MOST))
      out(`  ${pile.missing.length}  ${pile.name ?? `rows ${pile.missing.slice(0, 8).join(', ')}`}`);
  }
  if (hits.length > 0) {
    out(`Our styles hit: ${stylesHit}`);
    for (const { product, same, equivalent, similar } of hits.slice(0, MOST))
      out(
        `  ${same + equivalent + similar}  ${product.styleSku} ${product.title} (${same} same, ${equivalent} equivalent, ${similar} similar)`,
      );
  }
  for (const { currency, all, categories, pairs } of prices.currencies) {
    out(
      `Prices in ${currency ?? 'no stated currency'}: theirs ${spanOf(all.theirs)}; ours ${spanOf(all.ours)}`,
    );
    for (const { category, theirs, ours } of categories)
      out(`  ${category ?? 'Category not known'}: theirs ${spanOf(theirs)}; ours ${spanOf(ours)}`);
    if (pairs.median !== null)
      out(
        `  ours is cheaper in ${pairs.below} matched pairs, as dear in ${pairs.level}, dearer in ${pairs.above}; in the middle ${pairs.median} %`,
      );
  }
  if (prices.apart > 0)
    out(`${prices.apart} matched pairs have prices in different currencies, or in none stated`);
  if (prices.fault) out(faultSentence(prices.fault));
}

/** Number, then entry, median and exit. */
const spanOf = (span: PriceSpan | null): string =>
  span ? `${span.count} from ${span.entry}, median ${span.median}, to ${span.exit}` : 'none';
