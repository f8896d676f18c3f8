import type { ComparisonRow } from '../../../contract/compare.ts';
import type { ComparisonTrust } from '../../../contract/compare-trust.ts';
import { type FigureKey, figuresOf } from '../../../contract/standing-figures.ts';
import type { Exported } from './exported.ts';
import { GONE, intervalOf, type Standing, standingLines, standingOf, trustLines } from './figures.ts';
import { html, type Markup, raw } from './markup.ts';

/** Of the parts of the bar. */
const COLORS: Record<FigureKey, string> = {
  ...{ matched: '#201d1a', weak: '#d3a196', missing: '#8a3b2e', open: '#b9b0a4', unsure: '#cfc8be' },
  ...{ failed: '#e4dfd7', waiting: '#efebe5' },
};

/** The first page of a report: what was compared with what, and how it stands. */
export function coverOf({ summary, trust }: Exported, rows: readonly ComparisonRow[]): Markup {
  const { name, competitor, about, from } = summary;
  const counted = standingOf(rows);
  const figures = figuresOf(counted);
  const compared = about
    ? `Compared with ${about.snapshot.name}, ${about.snapshot.products} products, published ${dayOf(about.snapshot.publishedAt)}.`
    : 'Not compared yet.';
  return html`<section class="page cover">
<h1>${name}</h1>
<p class="about">${competitor ? `${competitor} · ` : ''}${rows.length} pictures from ${from.slice(0, 3).join(', ')}${from.length > 3 ? ` and ${from.length - 3} more` : ''}</p>
<p class="about">${compared}</p>
${counted.gone > 0 ? html`<p class="about"><b>${GONE}: ${counted.gone} of those decided.</b> They are marked below, and their prices are not compared.</p>` : ''}
<dl class="figures">
${figures.map(({ name, count, note }) => figure(name, count, rows.length, note))}
</dl>
${barOf(figures.map(({ key, name, count }) => [name, count, COLORS[key]]))}
<table><thead><tr><th>How it stands</th><th class="number">Pictures</th><th class="number">Share</th></tr></thead>
<tbody>${standingLines(counted).map(([label, value]) => html`<tr><td>${label}</td><td class="number">${value}</td><td class="number">${share(value, rows.length)}</td></tr>`)}</tbody></table>
${measuredOf(trust, counted.inBulk)}
<footer>${decidedWords(counted)} Suggestions are marked as not decided. ${dayOf(new Date().toISOString())}</footer>
</section>
`;
}

/** How the decisions were made, since those in bulk are not looked at one by one. */
function decidedWords({ decided, inBulk, merged }: Standing): string {
  const alone = Object.values(decided).reduce((sum, each) => sum + each, 0) - inBulk - merged;
  const fromTable = merged > 0 ? ` Taken over from a table: ${merged}.` : '';
  return `Decided by a person one by one: ${alone}. Decided in bulk: ${inBulk}.${fromTable}`;
}

/** What was measured of first candidates: whoever reads the figures can tell how far to trust them. */
function measuredOf(trust: ComparisonTrust, inBulk: number): Markup | '' {
  const lines = trustLines(trust);
  if (lines.length === 0) return '';
  const rows = lines.map(({ label, share: measured }) => {
    const { count, of } = measured;
    return html`<tr><td>${label}</td><td class="number">${count} of ${of}</td><td class="number">${of > 0 ? intervalOf(measured) : 'not checked'}</td></tr>`;
  });
  return html`<table class="measured"><thead><tr><th>Measured on this comparison (95 % interval)${inBulk > 0 ? `; ${inBulk} decided in bulk` : ''}</th><th class="number">Pictures</th><th class="number">Share</th></tr></thead><tbody>${rows}</tbody></table>`;
}

function figure(label: string, value: number, of: number, note = ''): Markup {
  return html`<div><dt>${label}</dt><dd>${value}</dd><dd class="share">${share(value, of)}${note ? `, ${note}` : ''}</dd></div>`;
}

/** The table beside it says the same in words. */
function barOf(parts: readonly (readonly [string, number, string])[]): Markup {
  const spans = parts
    .filter(([, value]) => value > 0)
    .map(
      ([label, value, color]) =>
        html`<span title="${label}: ${value}" style="${raw(`flex: ${value}; background: ${color}`)}"></span>`,
    );
  return html`<div class="bar" aria-hidden="true">${spans}</div>`;
}

const share = (value: number, of: number): string => (of === 0 ? '–' : `${Math.round((100 * value) / of)} %`);

/** "24 February 2026": no country reads it as another day. */
const dayOf = (time: string): string =>
  new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric' }).format(new Date(time));
