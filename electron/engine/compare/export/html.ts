import type {
  ComparedProduct,
  ComparisonCandidate,
  ComparisonRow,
  RowChange,
  RowFacts,
} from '../../../contract/compare.ts';
import { MATCH_NAMES, PICTURE_BANDS } from '../../../contract/match-names.ts';
import { statedPrice } from '../../../contract/price-position.ts';
import { sharedSentence } from '../../../sentences/speaker.ts';
import type { PrintedPicture } from '../../images/photo.ts';
import { amountOf, type Exported, pricePosition, rowsOf, shownProduct } from './exported.ts';
import { GONE } from './figures.ts';
import { coverOf } from './html-cover.ts';
import { gapsMarkup, hitsMarkup } from './html-gaps.ts';
import { pricesMarkup, signed } from './html-prices.ts';
import { html, type Markup, pageOf } from './markup.ts';
import { pictureOf } from './picture-markup.ts';
import type { ReportPictures } from './pictures.ts';

const PAIRS_A_PAGE = 4;
/** Pictures are read for so many pages at once. */
const PAGES_AT_ONCE = 10;

interface Section {
  title: string;
  note: string;
  has(row: ComparisonRow): boolean;
}

const SECTIONS: readonly Section[] = [
  {
    title: 'Matches',
    note: '',
    has: ({ decision }) => decision?.product != null && decision.match !== 'unsure',
  },
  {
    title: 'Missing in our range',
    note: 'Nothing like these was found.',
    has: ({ decision }) => decision?.match === 'none',
  },
  { title: 'Unsure', note: '', has: ({ decision }) => decision?.match === 'unsure' },
  {
    title: 'Not decided yet',
    note: 'Our product beside each picture is a suggestion. Nobody has confirmed it.',
    has: ({ decision, status }) => decision === null && status === 'answered',
  },
];

/** One page of HTML that needs no network, made to be printed: a cover with figures, what the comparison tells, then four pairs a page. */
export async function* htmlOf(exported: Exported, pictures: ReportPictures): AsyncGenerator<string> {
  const rows = [...rowsOf(exported)];
  // What lies in a pile is shown there.
  const piled = new Set(exported.tells?.piles.flatMap(({ missing }) => missing));
  const paired = rows.filter(({ row, decision }) => decision?.match !== 'none' || !piled.has(row));
  const sections = SECTIONS.map((section) => ({ ...section, rows: paired.filter(section.has) }));
  const failed = rows.filter(({ status }) => status === 'failed');
  const [start, end] = pageOf(exported.summary.name);
  yield start + coverOf(exported, rows).markup;
  const { tells } = exported;
  if (tells) {
    const isPart = exported.rows.length < exported.summary.counts.rows;
    yield pricesMarkup(tells.overview.prices, isPart).markup;
    yield* gapsMarkup(tells.piles, exported, pictures);
    yield await hitsMarkup(tells.overview.hits, tells.overview.stylesHit, pictures);
  }
  for (const section of sections) yield* pairsOf(section, pictures);
  if (failed.length > 0) yield failuresOf(failed).markup;
  yield end;
}

async function* pairsOf(
  { title, note, rows }: Section & { rows: readonly ComparisonRow[] },
  pictures: ReportPictures,
): AsyncGenerator<string> {
  for (let start = 0; start < rows.length; start += PAIRS_A_PAGE * PAGES_AT_ONCE) {
    const batch = rows.slice(start, start + PAIRS_A_PAGE * PAGES_AT_ONCE);
    const theirs = await pictures.ofRows(batch.map(({ row }) => row));
    const ours = await pictures.ofProducts(batch.flatMap((row) => shownProduct(row)?.thumbnail ?? []));
    for (let i = 0; i < batch.length; i += PAIRS_A_PAGE) {
      const isFirst = start + i === 0;
      const pairs = batch.slice(i, i + PAIRS_A_PAGE).map((row) => {
        const [their, our] = [theirs.get(row.row), ours.get(shownProduct(row)?.thumbnail ?? '')];
        return pairOf(row, their ?? null, our ?? null);
      });
      const head = isFirst
        ? html`<h2>${title} <span class="count">${rows.length}</span></h2>${note ? html`<p class="note">${note}</p>` : ''}`
        : html`<p class="again">${title}</p>`;
      yield html`<section class="page">${head}${pairs}</section>`.markup;
    }
  }
}

type Shown = Pick<PrintedPicture, 'bytes'> | null;

function pairOf(row: ComparisonRow, their: Shown, our: Shown): Markup {
  const [first] = row.sources;
  const name = first?.name ?? '';
  const facts = first?.facts ?? null;
  const product = shownProduct(row);
  const others = row.sources.length - 1;
  return html`<article class="pair">
<figure>${pictureOf(their, `Picture ${name}`)}</figure>
<div class="words">
<p class="verdict ${row.decision?.match ?? 'open'}">${verdictOf(row)}</p>
<dl>
<dt>Theirs</dt><dd><b>${facts?.title ?? shortName(name)}</b>${factsOf(facts)}<span class="quiet">${facts?.title ? shortName(name) : ''}${others > 0 ? ` and ${others} more with the same picture` : ''}</span></dd>
<dt>Ours${product ? ` · ${likenessOf(product, row)}` : ''}</dt><dd>${product ? oursOf(product, row) : html`<span class="quiet">–</span>`}</dd>
</dl>
</div>
<figure>${product ? pictureOf(our, product.title) : html`<span class="none">${placeOf(row)}</span>`}</figure>
</article>`;
}

/** What comparing again has changed. */
const CHANGED: Record<RowChange, string> = {
  gone: GONE.toLowerCase(),
  better: 'a better candidate has come',
};

/** What stands in place of a product's picture. */
function placeOf({ decision }: ComparisonRow): string {
  if (!decision) return 'Nothing close';
  return decision.match === 'none' ? 'Not in our range' : MATCH_NAMES[decision.match];
}

function verdictOf({ decision, changed, candidates: [first] }: ComparisonRow): string | Markup {
  if (decision)
    return html`${MATCH_NAMES[decision.match]}${changed ? html`<span class="changed">· ${CHANGED[changed]}</span>` : ''}${decision.inBulk ? html`<span class="quiet">· ${decision.merged ? 'from a table' : 'in bulk'}</span>` : ''}`;
  return first ? `Not decided · ${PICTURE_BANDS[first.band]}` : 'Not decided · nothing close';
}

function factsOf(facts: RowFacts | null): Markup {
  const parts = [priceOf(facts), facts?.competitor, facts?.brand, facts?.sku];
  const url = facts?.url && /^https?:/i.test(facts.url) ? facts.url : null;
  const link = url ? html` <a href="${url}" rel="noreferrer">${hostOf(url)}</a>` : '';
  return html`<span>${parts.filter((part) => part).join(' · ')}${link}</span>`;
}

/** How our price stands to theirs. */
function positionWords(row: ComparisonRow, product: ComparedProduct): string | null {
  const position = pricePosition(row, product, statedPrice(row.sources));
  if (!position) return null;
  const { difference, percent, currency } = position;
  if (difference === 0) return 'same price';
  const amount = `${amountOf(Math.abs(difference), currency)} ${difference > 0 ? 'dearer' : 'cheaper'}`;
  return percent === null ? amount : `${amount} (${signed(percent)})`;
}

/** The SKU comes first, because what is too long is cut off at its end. */
function oursOf(product: ComparedProduct, row: ComparisonRow): Markup {
  const parts = [product.sku, priceOf(product), positionWords(row, product), product.color, product.brand];
  return html`<b>${product.title}</b><span>${parts.filter((part) => part).join(' · ')}</span>`;
}

/** How like the picture a product is. It stands above the product: what is too long is cut off below. */
function likenessOf({ uid }: ComparedProduct, { candidates, decision }: ComparisonRow): string {
  const candidate: ComparisonCandidate | undefined = candidates.find((each) => each.uid === uid);
  if (!candidate) return 'chosen by hand';
  const like = `similarity ${candidate.score.toFixed(2)}`;
  return decision ? `${PICTURE_BANDS[candidate.band].toLowerCase()}, ${like}` : like;
}

function failuresOf(rows: readonly ComparisonRow[]): Markup {
  const lines = rows.map(
    ({ sources: [first], fault }) =>
      html`<tr><td>${first?.name ?? ''}${first?.line ? ` (line ${first.line})` : ''}</td><td>${fault ? (sharedSentence(fault) ?? fault.code) : ''}</td></tr>`,
  );
  return html`<section class="page failures"><h2>Could not be read <span class="count">${rows.length}</span></h2>
<table><thead><tr><th>Picture</th><th>Reason</th></tr></thead><tbody>${lines}</tbody></table></section>`;
}

function priceOf(of: { price: number | null; currency: string | null } | null): string | null {
  return of && of.price !== null ? amountOf(of.price, of.currency) : null;
}

const hostOf = (url: string): string => (URL.canParse(url) ? new URL(url).host : '');

/** The end of a long name says more than its beginning. */
const shortName = (name: string): string => (name.length > 60 ? `…${[...name].slice(-58).join('')}` : name);
