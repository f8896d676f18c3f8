/** Text of HTML that is safe to write as it is. */
export class Markup {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }
}

type Part = Markup | string | number | readonly Part[];

const ESCAPED: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Makes markup; whatever is put into it that is not markup is escaped. */
export function html(texts: TemplateStringsArray, ...parts: Part[]): Markup {
  return new Markup(
    texts.map((text, i) => text + (i < parts.length ? markupOf(parts[i] ?? '') : '')).join(''),
  );
}

/** Text that is safe because of what it is made of. */
export const raw = (text: string): Markup => new Markup(text);

function markupOf(part: Part): string {
  if (part instanceof Markup) return part.markup;
  if (typeof part === 'object') return part.map(markupOf).join('');
  return String(part).replaceAll(/[&<>"']/g, (sign) => ESCAPED[sign] ?? sign);
}

/** The beginning and the end of a report. It can load nothing: a name in it must not make it call anybody. */
export function pageOf(title: string): [start: string, end: string] {
  const head = html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title}</title>
<style>${raw(STYLE)}</style>
<main>
`;
  return [head.markup, '</main>\n</html>\n'];
}

const STYLE = `
:root { color-scheme: light; --ink: #201d1a; --quiet: #6b645c; --line: #ddd7cf; --paper: #fff; --tray: #f5f2ed; }
* { box-sizing: border-box; }
body { margin: 0; background: #e9e5df; color: var(--ink); font: 10.5pt/1.4 system-ui, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; font-variant-numeric: tabular-nums; }
main { max-width: 210mm; margin: 0 auto; }
.page { background: var(--paper); padding: 12mm 14mm; margin: 6mm 0; min-height: 297mm; overflow-wrap: anywhere; }
h1 { font-size: 26pt; line-height: 1.15; margin: 0 0 2mm; font-weight: 650; letter-spacing: -0.01em; }
h2 { font-size: 15pt; margin: 0 0 3mm; font-weight: 650; }
.count { color: var(--quiet); font-weight: 400; }
.note, .again { color: var(--quiet); margin: 0 0 3mm; }
.again { font-size: 9pt; }
.quiet { color: var(--quiet); font-size: 9pt; }
.cover { display: flex; flex-direction: column; }
.cover .about { color: var(--quiet); margin: 0; }
.figures { display: grid; grid-auto-flow: column; grid-auto-columns: 1fr; gap: 0 4mm; margin: 14mm 0 8mm; padding: 0; }
.figures div { border-top: 0.6mm solid var(--ink); padding-top: 2mm; }
.figures dt { font-size: 10.5pt; }
.figures dd { margin: 0; font-size: 22pt; line-height: 1.2; font-weight: 650; }
.figures dd.share { color: var(--quiet); font-size: 9pt; line-height: 1.4; font-weight: 400; }
.bar { display: flex; height: 5mm; margin: 0 0 2mm; }
.bar span { min-width: 0.4mm; border-right: 0.4mm solid var(--paper); }
table { width: 100%; border-collapse: collapse; }
td, th { text-align: left; vertical-align: top; padding: 1.5mm 3mm 1.5mm 0; border-bottom: 0.25mm solid var(--line); font-weight: 400; }
th { color: var(--quiet); font-size: 9pt; }
td.number, th.number { text-align: right; padding-right: 0; width: 22mm; }
.failures td:first-child { width: 45%; }
.measured { margin-top: 6mm; }
.measured td.number:nth-child(2), .measured th.number:nth-child(2) { width: 24mm; }
.cover td, .cover th { padding-block: 1mm; }
.cover .figures { margin: 9mm 0 6mm; }
.cover footer { margin-top: auto; padding-top: 6mm; color: var(--quiet); font-size: 9pt; }
.flow { min-height: 0; }
h3 { font-size: 11pt; font-weight: 650; margin: 5mm 0 1mm; break-after: avoid; }
.flow p { margin: 0 0 2mm; }
.flow table { margin: 3mm 0; font-size: 9pt; }
.numbers td, .numbers th { text-align: right; padding: 0.4mm 0 0.4mm 3mm; white-space: nowrap; }
.numbers td:first-child, .numbers th:first-child { text-align: left; padding-left: 0; white-space: normal; overflow-wrap: normal; min-width: 26mm; }
.numbers b { font-weight: 650; }
.plot { break-inside: avoid; }
.plot svg { display: block; max-width: 100%; height: auto; }
.hit, .numbers, tr, .prints figure { break-inside: avoid; }
h2, .note { break-after: avoid; }
.piles { display: flex; flex-wrap: wrap; gap: 0 10mm; }
.pile { max-width: 100%; }
.pile h3 { margin: 4mm 0 2mm; }
.prints { display: flex; flex-wrap: wrap; gap: 3mm 2mm; padding: 1mm 2mm; }
.prints figure { width: 27mm; height: auto; min-height: 33mm; align-content: start; padding: 1.2mm; margin: 0; background: #fff; border: 0.2mm solid var(--line); border-radius: 0.6mm; box-shadow: 0 0.4mm 1.2mm rgb(60 50 30 / 0.25); }
.prints figure:nth-child(3n) { transform: rotate(1.6deg); }
.prints figure:nth-child(3n + 2) { transform: rotate(-1.4deg); }
.prints figure img { height: 30mm; object-fit: cover; }
.prints figcaption { width: 100%; font-size: 7.5pt; line-height: 1.25; padding-top: 0.8mm; }
.prints figcaption span { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; }
.prints figcaption b { display: block; font-weight: 600; }
.hits { display: grid; grid-template-columns: repeat(4, 1fr); gap: 5mm; }
.hit figure { height: 44mm; }
.hit figure img { height: 44mm; }
.hit p { display: flex; flex-direction: column; margin: 1mm 0 0; font-size: 9pt; }
.pair { display: grid; grid-template-columns: 55mm 1fr 55mm; gap: 6mm; align-items: center; height: 61mm; padding: 2mm 0; border-bottom: 0.25mm solid var(--line); break-inside: avoid; overflow: hidden; }
.pair:last-child { border-bottom: 0; }
figure { margin: 0; height: 57mm; background: var(--tray); display: grid; place-items: center; overflow: hidden; border-radius: 1.5mm; }
figure img { width: 100%; height: 57mm; object-fit: contain; }
.none { color: var(--quiet); font-size: 9pt; }
.verdict { margin: 0 0 2mm; font-weight: 650; display: flex; flex-wrap: wrap; gap: 2mm; align-items: center; }
.verdict::before { content: ""; width: 3mm; height: 3mm; border: 0.5mm solid var(--ink); border-radius: 50%; flex: none; }
.verdict.same::before { background: var(--ink); }
.verdict.equivalent::before { background: linear-gradient(90deg, var(--ink) 50%, transparent 50%); }
.verdict.none::before { border-radius: 0; transform: rotate(45deg) scale(0.8); }
.verdict .quiet { font-weight: 400; white-space: nowrap; }
.verdict .changed { font-weight: 400; }
.verdict.open { color: var(--quiet); font-weight: 400; }
.verdict.open::before, .verdict.unsure::before { border-style: dashed; }
dl { margin: 0; }
.words { line-height: 1.25; }
.words dt { color: var(--quiet); font-size: 9pt; }
.words dd { margin: 0 0 1.5mm; display: flex; flex-direction: column; font-size: 9pt; }
.words b { font-size: 10.5pt; font-weight: 600; }
.words b, .words dd span { display: -webkit-box; -webkit-line-clamp: 2; -webkit-box-orient: vertical; overflow: hidden; }
.words dd .quiet { -webkit-line-clamp: 1; }
a { color: inherit; }
@page { size: A4; margin: 12mm 14mm 14mm; @bottom-right { content: counter(page) " / " counter(pages); color: #6b645c; font: 8pt system-ui, sans-serif; } }
@media print {
  body { background: none; }
  main { max-width: none; }
  .page { margin: 0; padding: 0; min-height: 0; break-before: page; print-color-adjust: exact; -webkit-print-color-adjust: exact; }
  .page:first-child, .flow + .flow { break-before: auto; }
  .flow + .flow { margin-top: 9mm; }
  .cover { min-height: 268mm; }
}
@media screen and (max-width: 700px) {
  .pair { grid-template-columns: 1fr 1fr; height: auto; }
  .pair .words { grid-column: 1 / -1; grid-row: 2; }
  .figures { grid-auto-flow: row; grid-template-columns: repeat(2, 1fr); gap: 6mm; }
  .page { min-height: 0; padding: 6mm; }
}
`;
