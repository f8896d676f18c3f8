import type { GapPile, StyleHit } from '../../../contract/compare-tells.ts';
import { type ShownPile, shownPiles } from '../../../contract/shown-piles.ts';
import type { PrintedPicture } from '../../images/photo.ts';
import { amountOf, type Exported } from './exported.ts';
import { html, type Markup } from './markup.ts';
import { pictureOf } from './picture-markup.ts';
import type { ReportPictures } from './pictures.ts';

/** Prints of a pile that nobody has decided; the pairs behind have all of them. */
const PRINTS = 12;
/** Pictures that are read at once. */
const READ_AT_ONCE = 40;

const KINDS = [
  {
    kind: 'missing',
    prints: Number.POSITIVE_INFINITY,
    title: 'Gaps in our range',
    note: 'Decided: we have nothing like these. What looks alike lies together.',
  },
  {
    kind: 'undecided',
    prints: PRINTS,
    title: 'Perhaps gaps',
    note: 'No candidate is close, and nobody has decided.',
  },
] as const;

/** Pages of the gaps, each pile as prints side by side: all that are decided, and some of the others. */
export async function* gapsMarkup(
  piles: readonly GapPile[],
  exported: Exported,
  pictures: ReportPictures,
): AsyncGenerator<string> {
  const shown = new Set(exported.rows);
  for (const { kind, prints, title, note } of KINDS) {
    const together = shownPiles(piles, kind, (row) => shown.has(row));
    if (together.length === 0) continue;
    const count = together.reduce((sum, { rows }) => sum + rows.length, 0);
    yield html`<section class="page flow"><h2>${title} <span class="count">${count}</span></h2><p class="note">${note}</p><div class="piles">`
      .markup;
    for (const pile of together) yield* pileMarkup(pile, prints, exported, pictures);
    yield '</div></section>\n';
  }
}

async function* pileMarkup(
  { name, rows }: ShownPile,
  prints: number,
  exported: Exported,
  pictures: ReportPictures,
): AsyncGenerator<string> {
  const seen = rows.slice(0, prints);
  const part = seen.length < rows.length ? `, ${seen.length} of them shown` : '';
  yield html`<article class="pile"><h3>${name ?? 'Not named'} <span class="count">${rows.length}${part}</span></h3><div class="prints">`
    .markup;
  for (let start = 0; start < seen.length; start += READ_AT_ONCE) {
    const batch = seen.slice(start, start + READ_AT_ONCE);
    const found = await pictures.ofRows(batch);
    for (const row of batch) yield printMarkup(row, found.get(row) ?? null, exported).markup;
  }
  yield '</div></article>';
}

/** A picture with what its source says of it. */
function printMarkup(number: number, picture: PrintedPicture | null, { row }: Exported): Markup {
  const facts = row(number)?.sources[0]?.facts;
  const price = facts && facts.price !== null ? amountOf(facts.price, facts.currency) : null;
  const words = facts?.title || price;
  const caption = html`<figcaption>${facts?.title ? html`<span>${facts.title}</span>` : ''}${price === null ? '' : html`<b>${price}</b>`}</figcaption>`;
  return html`<figure>${pictureOf(picture, facts?.title ?? `Picture of row ${number}`)}${words ? caption : ''}</figure>`;
}

/** A page of our styles that were matched most. */
export async function hitsMarkup(
  hits: readonly StyleHit[],
  stylesHit: number,
  pictures: ReportPictures,
): Promise<string> {
  if (hits.length === 0) return '';
  const found = await pictures.ofProducts(hits.map(({ product }) => product.thumbnail));
  const each = hits.map(({ product, same, equivalent, similar }) => {
    const parts = [
      same > 0 ? `${same} same` : '',
      equivalent > 0 ? `${equivalent} equivalent` : '',
      similar > 0 ? `${similar} similar` : '',
    ];
    return html`<article class="hit"><figure>${pictureOf(found.get(product.thumbnail) ?? null, product.title)}</figure>
<p><b>${same + equivalent + similar} × ${product.title}</b><span class="quiet">${product.styleSku} · ${parts.filter((part) => part).join(', ')}</span></p></article>`;
  });
  return html`<section class="page flow"><h2>Our styles hit most often <span class="count">${hits.length < stylesHit ? `${hits.length} of ${stylesHit}` : stylesHit}</span></h2>
<div class="hits">${each}</div></section>
`.markup;
}
