import type { ComparisonPrices, CurrencyPrices, PriceSpan } from '../../../contract/compare-tells.ts';
import { categoryLines, colorLines, countOf, MOST_LINES } from '../../../plots/lines.ts';
import { drawColors, drawPrices } from '../../../plots/strips.ts';
import { sharedSentence } from '../../../sentences/speaker.ts';
import { amountOf } from './exported.ts';
import { html, type Markup } from './markup.ts';
import { plotMarkup } from './plot-markup.ts';

const NO_CATEGORY = 'Category not known';

/**
 * Pages of the prices of both ranges, a currency at a time; none where no price of theirs is known.
 * @param isPart whether the report has not all rows of the comparison
 */
export function pricesMarkup(prices: ComparisonPrices, isPart: boolean): Markup {
  const ofAll = 'These are the prices of the whole comparison, of which this report has a part.';
  const notes = [...(isPart ? [ofAll] : []), ...notesOf(prices)];
  return html`${prices.currencies.map((each, n) => currencyMarkup(each, n === 0 ? notes : []))}`;
}

function currencyMarkup(prices: CurrencyPrices, notes: readonly string[]): Markup {
  const { currency, categories } = prices;
  const words = (price: number) => amountOf(price, currency);
  const byColor = colorLines(prices);
  const left = categories.length - MOST_LINES;
  return html`<section class="page flow">
<h2>Prices <span class="count">${currency ?? 'without a currency'}</span></h2>
<p>${pairsOf(prices)}</p>
${notes.map((note) => html`<p class="quiet">${note}</p>`)}
${matrixOf(prices)}
<div class="plot"><h3>Prices by category</h3>
<p class="quiet">A tick is a price, the heavy one the median, which stands at the right.${left > 0 ? ` The ${left} categories with the fewest pictures are in the table only.` : ''}</p>
${plotMarkup(drawPrices, categoryLines(prices, NO_CATEGORY), words)}</div>
<div class="plot"><h3>Prices by colour</h3>
<p class="quiet">Colours as they are seen in the pictures, on both sides alike.</p>
${plotMarkup(drawColors, byColor, words)}</div>
<table class="numbers"><thead><tr><th>Colour</th><th>Theirs</th><th>Median of theirs</th><th>Ours</th><th>Median of ours</th></tr></thead>
<tbody>${byColor.map(
    ({ name, theirs, ours }) =>
      html`<tr><td>${name}</td><td>${countOf(theirs.prices)}</td><td>${theirs.median === null ? '–' : words(theirs.median)}</td><td>${countOf(ours.prices)}</td><td>${ours.median === null ? '–' : words(ours.median)}</td></tr>`,
  )}</tbody></table>
</section>
`;
}

function matrixOf({ all, categories }: CurrencyPrices): Markup {
  const line = (name: string, theirs: PriceSpan | null, ours: PriceSpan | null) =>
    html`<tr><td>${name}</td>${cellsOf(theirs)}${cellsOf(ours)}<td>${betweenOf(theirs, ours)}</td></tr>`;
  return html`<table class="numbers"><thead>
<tr><td></td><th colspan="4">Theirs</th><th colspan="4">Ours</th><td></td></tr>
<tr><td></td><th>Pictures</th><th>Entry</th><th>Median</th><th>Exit</th><th>Styles</th><th>Entry</th><th>Median</th><th>Exit</th><th>Ours to theirs</th></tr></thead>
<tbody>${categories.length > 1 ? line(categories.some(({ category }) => category === null) ? 'All of a known category' : 'All of these', all.theirs, all.ours) : ''}${categories.map(({ category, theirs, ours }) => line(category ?? NO_CATEGORY, theirs, ours))}</tbody></table>`;
}

function cellsOf(span: PriceSpan | null): Markup {
  if (!span) return html`<td colspan="4" class="quiet">none</td>`;
  const { count, entry, median, exit } = span;
  return html`<td>${count}</td><td>${amountOf(entry, null)}</td><td><b>${amountOf(median, null)}</b></td><td>${amountOf(exit, null)}</td>`;
}

/** How far the median of ours lies from that of theirs. */
function betweenOf(theirs: PriceSpan | null, ours: PriceSpan | null): string {
  if (!theirs || !ours || theirs.median === 0) return '–';
  return signed((100 * (ours.median - theirs.median)) / theirs.median);
}

/** "+12.5 %", "−8.0 %" */
export const signed = (percent: number): string =>
  `${percent > 0 ? '+' : percent < 0 ? '−' : ''}${Math.abs(percent).toFixed(1)} %`;

function pairsOf({ pairs: { below, level, above, median } }: CurrencyPrices): string {
  const all = below + level + above;
  if (all === 0 || median === null) return 'No matched pair has both prices in this currency.';
  const middle =
    median === 0
      ? 'In the middle, ours cost the same.'
      : `In the middle, ours cost ${Math.abs(median).toFixed(1)} % ${median > 0 ? 'more' : 'less'}.`;
  return `Of ${all} matched ${all === 1 ? 'pair' : 'pairs'}, ours is cheaper in ${below}, as dear in ${level}, dearer in ${above}. ${middle}`;
}

/** What the numbers leave out. */
function notesOf({ currencies, apart, unpriced, gone, ours, fault }: ComparisonPrices): string[] {
  const notes = [
    currencies.length > 1 && 'Currencies are kept apart: nothing is converted or added up.',
    gone > 0 && `Not compared: ${gone} matched pairs whose product of ours is no longer in the catalog.`,
    apart > 0 &&
      `Not compared: ${apart} matched pairs whose two prices are in different currencies, or in none that is stated.`,
    unpriced > 0 && `Not compared: ${unpriced} matched pairs of which one price is not known.`,
    ours.elsewhere > 0 && `Left out: ${ours.elsewhere} styles of ours with prices in another currency.`,
    ours.styles < ours.total &&
      `Of our ${ours.total} styles in these categories, ${ours.styles} were read, spread evenly.`,
    fault && `Our range could not be read. ${sharedSentence(fault) ?? fault.code}`,
  ];
  return notes.filter((note): note is string => typeof note === 'string');
}
