import { readFile } from 'node:fs/promises';
import type { Engine } from '../../electron/engine/engine.ts';
import { loadSharp } from '../../electron/engine/images/sharp-build.ts';
import type { Answer } from './ask.ts';

const WORST = 60;
const SHOWN = 5;

/**
 * An HTML page of the queries whose right product was ranked last, and of queries without a right product whose first result
 * has another category: the photo, the results, and the right product. The page needs no other file.
 */
export async function failuresPage(
  engine: Engine,
  title: string,
  answers: readonly Answer[],
): Promise<string> {
  const failed = answers.filter(isFailure).sort((a, b) => place(b) - place(a));
  const rows: string[] = [];
  for (const answer of failed.slice(0, WORST)) rows.push(await row(engine, answer));
  const name = toHtml(title);
  return `<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${name}</title>
<style>
body { font: 14px/1.4 system-ui, sans-serif; margin: 24px; color: #222; background: #fff }
table { border-collapse: collapse } th { padding: 0 8px 8px; text-align: left; font-weight: 600 }
td { padding: 8px; border-top: 1px solid #ddd; vertical-align: top }
img { max-width: 100%; height: 120px; display: block; object-fit: contain; background: #eee }
figure { margin: 0 12px 0 0; display: inline-block; width: 130px }
figcaption { font-size: 11px; overflow-wrap: anywhere; color: #555 }
</style>
<h1>${name}</h1>
<p>${failed.length} of ${answers.length} queries did not find their product first. The ${rows.length} worst:</p>
<table><thead><tr><th>Place</th><th>Query</th><th>Should have come</th><th>Came</th></tr></thead>
<tbody>
${rows.join('\n')}
</tbody></table></html>
`;
}

function isFailure(answer: Answer): boolean {
  const { inCatalog, categories } = answer.outcome;
  return inCatalog ? place(answer) > 1 : categories?.[0] === false;
}

/** Queries without a right product come last. */
function place({ outcome: { inCatalog, rank } }: Answer): number {
  return inCatalog ? (rank ?? Number.MAX_SAFE_INTEGER) : 0;
}

async function row(engine: Engine, { query, outcome, results }: Answer): Promise<string> {
  const right = await engine.product(query.productId).catch(() => null);
  const came = results.slice(0, SHOWN);
  const ids = [...came.map(({ thumbnail }) => thumbnail), ...(right?.thumbnails.slice(0, 1) ?? [])];
  const pictures = new Map(
    (await engine.thumbnails(ids)).map(({ id, bytes }) => [id, dataUrl(bytes, 'webp')]),
  );
  const picture = (id: string | undefined, caption: string) => figure(pictures.get(id ?? '') ?? '', caption);
  const shown = came.map(({ thumbnail, productId, band, score }) =>
    picture(thumbnail, `${productId} ${band} ${score.toFixed(3)}`),
  );
  return `<tr><td>${outcome.rank ?? 'not found'}</td><td>${figure(await smaller(query.path), query.category ?? '')}</td><td>${picture(right?.thumbnails[0], query.productId)}</td><td>${shown.join('')}</td></tr>`;
}

function figure(source: string, caption: string): string {
  return `<figure><img src="${toHtml(source)}" alt=""><figcaption>${toHtml(caption)}</figcaption></figure>`;
}

async function smaller(path: string): Promise<string> {
  const sharp = await loadSharp();
  const image = sharp(await readFile(path))
    .autoOrient()
    .resize({ height: 240, withoutEnlargement: true });
  return dataUrl(await image.webp({ quality: 70 }).toBuffer(), 'webp');
}

function dataUrl(bytes: Uint8Array, type: string): string {
  return `data:image/${type};base64,${Buffer.from(bytes).toString('base64')}`;
}

function toHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}
