import type { GapPile, StyleHit } from '../../../contract/compare-tells.ts';
import { shownPiles } from '../../../contract/shown-piles.ts';
import type { PrintedPicture } from '../../images/photo.ts';
import { html, type Markup } from './markup.ts';
import { pictureOf } from './picture-markup.ts';
import type { ReportPictures } from './pictures.ts';

/** Prints of a pile that a report shows; the pairs behind it have all of them. */
const PRINTS = 12;

const KINDS = [
  {
    kind: 'missing',
    title: 'Gaps in our range',
    note: 'Decided: we have nothing like these. What looks alike lies together.',
  },
  {
    kind: 'undecided',
    title: 'Perhaps gaps',
    note: 'No candidate is close, and nobody has decided.',
  },
] as const;

/** Pages of the gaps, each pile as prints side by side. @param shown the rows of the report */
export async function* gapsMarkup(
  piles: readonly GapPile[],
  shown: ReadonlySet<number>,
  pictures: ReportPictures,
): AsyncGenerator<string> {
  for (const { kind, title, note } of KINDS) {
    const together = shownPiles(piles, kind, (row) => shown.has(row));
    if (together.length === 0) continue;
    const count = together.reduce((sum, { rows }) => sum + rows.length, 0);
    yield html`<section class="page flow"><h2>${title} <span class="count">${count}</span></h2><p class="note">${note}</p>`
      .markup;
    for (const { name, rows } of together) {
      const seen = rows.slice(0, PRINTS);
      yield pileMarkup(name, rows.length, seen, await pictures.ofRows(seen)).markup;
    }
    yield '</section>\n';
  }
}

function pileMarkup(
  name: string | null,
  count: number,
  seen: readonly number[],
  pictures: ReadonlyMap<number, PrintedPicture>,
): Markup {
  const more = count - seen.length;
  return html`<article class="pile"><h3>${name ?? 'Not named'} <span class="count">${count}${more > 0 ? `, the ${seen.length} most alike shown` : ''}</span></h3>
<div class="prints">${seen.map((row) => html`<figure>${pictureOf(pictures.get(row) ?? null, `Picture of row ${row}`)}</figure>`)}</div></article>`;
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
