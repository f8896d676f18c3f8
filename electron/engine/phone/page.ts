import { createHash } from 'node:crypto';
import { amountIn } from '../../contract/amounts.ts';
import { runPage } from './page-script.ts';
import { PAGE_WORDS } from './page-words.ts';

const STYLE = `
:root { color-scheme: light dark; --paper: light-dark(#f6f4ef, #151413); --raised: light-dark(#fff, #262422);
  --mount: light-dark(#efece5, #232120); --ink: light-dark(#1e1c19, #f1eee9); --quiet: light-dark(#514c45, #bdb6ac);
  --line: light-dark(#cbc5b9, #45413c); --accent: light-dark(#2f4fc4, #93a8ff); --on-accent: light-dark(#fff, #10142b); }
* { box-sizing: border-box; margin: 0; }
body { min-height: 100svh; padding: 24px 16px; background: var(--paper); color: var(--ink);
  font: 17px/1.4 system-ui, sans-serif; display: flex; flex-direction: column; gap: 16px; }
h1 { font-size: 22px; line-height: 1.25; }
.way { position: relative; display: flex; align-items: center; justify-content: center; min-height: 64px; border-radius: 12px;
  border: 1px solid var(--line); background: var(--raised); font-weight: 600; }
.way.first { min-height: 120px; border: 0; background: var(--accent); color: var(--on-accent); font-size: 20px; }
.way input { position: absolute; inset: 0; width: 100%; height: 100%; opacity: 0; font-size: 0; }
.way:focus-within { outline: 3px solid var(--ink); outline-offset: 2px; }
#hint, #status { color: var(--quiet); }
#status:empty { display: none; }
#status { font-weight: 600; }
ul { display: grid; grid-template-columns: 1fr 1fr; gap: 16px 12px; padding: 0; list-style: none; }
li { min-width: 0; }
li div { aspect-ratio: 4 / 5; border-radius: 10px; background: var(--mount); overflow: hidden; margin-bottom: 6px; }
img { width: 100%; height: 100%; object-fit: contain; display: block; }
li p { overflow-wrap: anywhere; font-size: 15px; }
.about { color: var(--quiet); }
.about:empty { display: none; }
.about::first-letter { text-transform: uppercase; }
.price { font-weight: 600; font-variant-numeric: tabular-nums; }
#again { position: sticky; bottom: 16px; min-height: 56px; border: 0; border-radius: 12px; background: var(--accent); color: var(--on-accent);
  font: inherit; font-weight: 600; }
[data-state=start] :is(#again, #results), [data-state=found] :is(.way, #hint), [data-state=busy] :is(.way, #hint, #again),
[data-state=closed] :is(.way, #hint, #again, #results), [data-state=opening] :is(.way, #hint, #again) { display: none; }
`;

const SCRIPT = `(${runPage.toString()})(${JSON.stringify(PAGE_WORDS)}, ${amountIn.toString()});`;

/** The phone's page: the same for everybody, with no secret in it. */
export const PAGE = `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer"><link rel="icon" href="data:,"><title>Lookalike</title><style>${STYLE}</style></head>
<body data-state="opening"><h1 id="title"></h1>
<label class="way first"><span id="take-words"></span><input type="file" accept="image/*" capture="environment"></label>
<label class="way"><span id="choose-words"></span><input type="file" accept="image/*"></label>
<p id="hint"></p><p id="status" role="status"></p><ul id="results"></ul><button type="button" id="again"></button>
<script>${SCRIPT}</script></body></html>`;

const hashOf = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing but the page's own script and style runs, and it speaks with its own server alone. */
export const PAGE_POLICY = [
  "default-src 'none'",
  `script-src ${hashOf(SCRIPT)}`,
  `style-src ${hashOf(STYLE)}`,
  "connect-src 'self'",
  'img-src data:',
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');
