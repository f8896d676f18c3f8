import { createHash } from 'node:crypto';
import {
  type ComparedProduct,
  type ComparisonRow,
  type MatchType,
  matchType,
} from '../../../contract/compare.ts';
import { MATCH_NAMES } from '../../../contract/match-names.ts';
import {
  type ChosenKeys,
  COMMAND_NAMES,
  HANDED_COMMANDS,
  type HandedCommand,
  keyName,
  keyOf,
} from '../../../contract/review-keys.ts';
import { amountOf, type Exported, rowsOf } from './exported.ts';
import { handoffPage } from './handoff-page.ts';
import { HANDOFF_STYLE } from './handoff-style.ts';
import { html, raw } from './markup.ts';
import type { ReportPictures } from './pictures.ts';

/** What the page of a hand-off is about. */
export interface HandedOff {
  comparison: string;
  name: string;
  /** When it was handed off. */
  at: string;
  rows: {
    row: number;
    /** sha256 of the picture's file, hex. */
    picture: string;
    name: string;
    words: string;
    /** Uids, best first. */
    candidates: string[];
    decision: { match: MatchType; product: string | null } | null;
  }[];
  /** By uid; `picture` is the id of the element with it. */
  products: Record<string, { title: string; words: string; picture: string }>;
  /** Of two commands with the same key the first one has it. */
  keys: { command: HandedCommand; key: string }[];
}

/** As many as have keys. */
const MOST_CANDIDATES = 9;
const ROWS_AT_ONCE = 24;

/**
 * One page of HTML that needs no network and no app, in which somebody decides the compared rows by the keys of the window, and
 * saves the decisions as a file that `merge.ts` takes. It can load nothing, and runs no script but its own.
 * @param chosen the keys that the person has changed
 */
export async function* handoffOf(
  exported: Exported,
  pictures: ReportPictures,
  chosen: ChosenKeys,
): AsyncGenerator<string> {
  const rows = [...rowsOf(exported)].filter(({ status }) => status === 'answered');
  const data: HandedOff = { ...handedOff(rows, exported), keys: keysOf(chosen) };
  const script = `(${handoffPage})();`;
  const hash = createHash('sha256').update(script).digest('base64');
  yield pageStart(exported.summary.name, hash, (command) => keyName(keyOf(command, chosen)));
  const json = JSON.stringify(data).replaceAll('<', '\\u003c');
  yield html`<script type="application/json" id="handoff">${raw(json)}</script>`.markup;
  for (let start = 0; start < rows.length; start += ROWS_AT_ONCE) {
    const batch = rows.slice(start, start + ROWS_AT_ONCE).map(({ row }) => row);
    for (const [row, { bytes }] of await pictures.largeOfRows(batch))
      yield pictureOf(`r${row}`, 'image/jpeg', bytes);
  }
  const thumbnails = [...new Set(Object.values(data.products).map(({ picture }) => picture.slice(1)))];
  for (let start = 0; start < thumbnails.length; start += ROWS_AT_ONCE) {
    const found = await pictures.thumbnails(thumbnails.slice(start, start + ROWS_AT_ONCE));
    for (const { id, bytes } of found) yield pictureOf(`p${id}`, 'image/webp', bytes);
  }
  yield html`<script>${raw(script)}</script>\n</html>\n`.markup;
}

/** A key of the person's own choice goes before a command that came later with the same one. */
function keysOf(chosen: ChosenKeys): HandedOff['keys'] {
  const keys = HANDED_COMMANDS.map((command) => ({ command, key: keyOf(command, chosen) }));
  return keys.sort((a, b) => Number(b.command in chosen) - Number(a.command in chosen));
}

function handedOff(rows: readonly ComparisonRow[], { summary, hashOf }: Exported): Omit<HandedOff, 'keys'> {
  const products: HandedOff['products'] = {};
  const shown = rows.map((row) => {
    const { decision, sources } = row;
    const chosen = decision?.product ?? null;
    const offered = row.candidates.slice(0, MOST_CANDIDATES);
    // What was chosen by hand is no candidate.
    const isOffered = chosen === null || offered.some(({ uid }) => uid === chosen.uid);
    const candidates = isOffered ? offered : [chosen, ...offered.slice(0, MOST_CANDIDATES - 1)];
    for (const product of candidates)
      products[product.uid] = {
        title: product.title,
        words: wordsOf(product),
        picture: `p${product.thumbnail}`,
      };
    const [first] = sources;
    const { title = null, brand = null, price = null, currency = null } = first?.facts ?? {};
    return {
      row: row.row,
      picture: hashOf(row.row) ?? '',
      name: first?.name ?? '',
      words: joined([title ?? first?.name ?? null, brand, price === null ? null : amountOf(price, currency)]),
      candidates: candidates.map(({ uid }) => uid),
      decision: decision && { match: decision.match, product: chosen?.uid ?? null },
    };
  });
  return { comparison: summary.id, name: summary.name, at: new Date().toISOString(), rows: shown, products };
}

const wordsOf = ({ title, sku, brand, color, price, currency }: ComparedProduct): string =>
  joined([title, brand, color, sku, price === null ? null : amountOf(price, currency)]);

const joined = (parts: readonly (string | null)[]): string => parts.filter((part) => part).join(' · ');

/** No browser runs or shows what has such a type; the page reads it. */
const pictureOf = (id: string, type: string, bytes: Uint8Array): string =>
  html`<script type="text/plain" id="${id}" data-type="${type}">${raw(Buffer.from(bytes).toString('base64'))}</script>\n`
    .markup;

/**
 * @param hash sha256 of the page's script, base64
 * @param name how a command's key is written
 */
function pageStart(title: string, hash: string, name: (command: HandedCommand) => string): string {
  const policy = `default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src 'sha256-${hash}'; form-action 'none'; base-uri 'none'`;
  return html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${raw(policy)}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(HANDOFF_STYLE)}</style>
<header>
<h1>${title}</h1><p id="where"></p>
<label>Your name <input autocomplete="name" maxlength="100"></label>
<button type="button" id="save" class="first">Save decisions</button>
</header>
<main>
<figure><div id="theirs" class="picture"></div><figcaption><b>Theirs</b> <span id="their-words"></span></figcaption></figure>
<figure><div id="ours" class="picture"></div><figcaption><b>Ours</b> <span id="our-words"></span></figcaption></figure>
</main>
<section aria-label="Candidates"><ol id="candidates"></ol></section>
<footer>
<button type="button" id="previous" aria-label="Previous">←</button>
${matchType.options.map((match) => html`<button type="button" data-match="${match}">${MATCH_NAMES[match]} <kbd>${name(match)}</kbd></button>`)}
<button type="button" id="undo">Undo <kbd>${name('undo')}</kbd></button>
<button type="button" id="next" aria-label="Next">→</button>
<button type="button" id="show-keys">Keys <kbd>?</kbd></button>
<p><span id="state"></span> <span id="said" role="status"></span></p>
</footer>
<dialog id="keys" aria-labelledby="keys-title">
<h2 id="keys-title">Keys</h2>
<dl>
<div><dt><kbd>1</kbd> to <kbd>9</kbd></dt><dd>Choose a candidate</dd></div>
${HANDED_COMMANDS.map((command) => html`<div><dt><kbd>${name(command)}</kbd></dt><dd>${COMMAND_NAMES[command]}</dd></div>`)}
<div><dt><kbd>?</kbd></dt><dd>These keys</dd></div>
</dl>
<form method="dialog"><button>Close</button></form>
</dialog>
`.markup;
}
