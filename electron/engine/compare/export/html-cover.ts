import type { ComparisonRow } from '../../../contract/compare.ts';
import type { Summary } from '../summaries.ts';
import { html, type Markup, raw } from './markup.ts';

/** The first page of a report: what was compared with what, and how it stands. */
export function coverOf(summary: Summary, rows: readonly ComparisonRow[]): Markup {
  const { name, competitor, about, from } = summary;
  const counted = count(rows);
  const { same, equivalent, similar, none, unsure } = counted.decided;
  const matched = same + equivalent + similar;
  const open = counted.strong + counted.weak + unsure;
  const compared = about
    ? `Compared with ${about.snapshot.name}, ${about.snapshot.products} products, published ${dayOf(about.snapshot.publishedAt)}.`
    : 'Not compared yet.';
  const split = [
    ['Same', same],
    ['Equivalent', equivalent],
    ['Similar', similar],
    ['Nothing like it', none],
    ['Unsure', unsure],
    ['Not decided, close candidate', counted.strong],
    ['Not decided, weak or no candidate', counted.weak],
    ['Could not be read', counted.failed],
    ['Not compared yet', counted.waiting],
  ] as const;
  return html`<section class="page cover">
<h1>${name}</h1>
<p class="about">${competitor ? `${competitor} · ` : ''}${rows.length} pictures from ${from.slice(0, 3).join(', ')}${from.length > 3 ? ` and ${from.length - 3} more` : ''}</p>
<p class="about">${compared}</p>
<dl class="figures">
${figure('Matched', matched, rows.length)}
${figure('Missing', none, rows.length)}
${figure('To decide', open, rows.length, `${counted.weak} of them weak`)}
${figure('Failed', counted.failed, rows.length, counted.waiting > 0 ? `${counted.waiting} not compared yet` : '')}
</dl>
${barOf([
  ['Matched', matched, '#201d1a'],
  ['Missing', none, '#8a3b2e'],
  ['To decide', open, '#b9b0a4'],
  ['Failed', counted.failed + counted.waiting, '#e4dfd7'],
])}
<table><thead><tr><th>How it stands</th><th class="number">Pictures</th><th class="number">Share</th></tr></thead>
<tbody>${split.map(([label, value]) => html`<tr><td>${label}</td><td class="number">${value}</td><td class="number">${share(value, rows.length)}</td></tr>`)}</tbody></table>
<footer>Every decision was made by a person. Suggestions are marked as not decided. ${dayOf(new Date().toISOString())}</footer>
</section>
`;
}

function count(rows: readonly ComparisonRow[]) {
  const counts = {
    decided: { same: 0, equivalent: 0, similar: 0, none: 0, unsure: 0 },
    strong: 0,
    weak: 0,
    failed: 0,
    waiting: 0,
  };
  for (const { decision, status, candidates } of rows) {
    if (decision) counts.decided[decision.match]++;
    else if (status === 'failed' || status === 'waiting') counts[status]++;
    else counts[/^(?:same|close)$/.test(candidates[0]?.band ?? '') ? 'strong' : 'weak']++;
  }
  return counts;
}

function figure(label: string, value: number, of: number, note = ''): Markup {
  return html`<div><dt>${label}</dt><dd>${value}</dd><p>${share(value, of)}${note ? `, ${note}` : ''}</p></div>`;
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
