import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Document } from '../electron/engine/compare/document.ts';
import type { Entry } from '../electron/engine/compare/entries.ts';
import { exportTo } from '../electron/engine/compare/export/export.ts';
import type { Figure } from './figures.ts';
import { hashOf, LARGE, productOf } from './large-document.ts';
import type { Setting } from './setting.ts';

/** Pictures that differ; their bytes are written again and again under other names. */
const PICTURES = 200;

/** A workbook of 5,000 rows with two pictures each: how long it takes, and the memory that it takes beside the document. */
export async function measureWorkbook({
  scratch,
  photos,
}: Pick<Setting, 'scratch' | 'photos'>): Promise<Figure[]> {
  const thumbnails: Uint8Array[] = [];
  for (let n = 0; n < PICTURES; n++) thumbnails.push(await photos.thumbnail(n));
  const pictureOf = (n: number) => thumbnails[n % PICTURES] ?? new Uint8Array();
  const document = await Document.create(join(scratch, 'workbook'), (begun) => entriesOf(begun, pictureOf));
  const catalog = {
    thumbnails: async (ids: readonly string[]) =>
      ids.map((id) => ({ id, bytes: Buffer.from(pictureOf(Number.parseInt(id, 16))) })),
  };
  const path = join(scratch, 'workbook.xlsx');
  global.gc?.();
  const before = process.memoryUsage().rss;
  let most = before;
  const watch = setInterval(() => {
    most = Math.max(most, process.memoryUsage().rss);
  }, 50);
  const began = performance.now();
  await exportTo(document, { path, format: 'xlsx', filters: {} }, catalog, { dataDir: scratch });
  const seconds = (performance.now() - began) / 1000;
  clearInterval(watch);
  await document.close();
  return [
    {
      name: `workbook of ${LARGE.rows} rows with their pictures`,
      value: seconds,
      unit: 's',
      target: { atMost: 10 },
    },
    { name: '  memory beside the rest', value: (most - before) / 1e6, unit: 'MB', target: { atMost: 300 } },
    { name: '  its file', value: (await stat(path)).size / 1e6, unit: 'MB' },
  ];
}

async function entriesOf(document: Document, pictureOf: (n: number) => Uint8Array): Promise<Entry[]> {
  const at = new Date(0).toISOString();
  const entries: Entry[] = [
    { kind: 'begin', version: 2, name: 'Workbook', competitor: 'Harrow', createdAt: at, sources: [] },
  ];
  for (let n = 0; n < LARGE.rows; n++) {
    const thumbnail = await document.addPicture(pictureOf(n));
    const product = productOf(n);
    const row = n + 1;
    const picture = {
      ...{ hash: hashOf(n), width: 800, height: 1000, type: 'image/jpeg' },
      ...{ thumbnail, large: thumbnail, features: thumbnail },
    };
    const candidate: [string, string, number, 'close'] = [product.uid, hashOf(n + 77), 0.9, 'close'];
    entries.push(
      { kind: 'product', product },
      { kind: 'row', row, source: 0, at: `harrow/${n}.jpg` },
      {
        kind: 'compared',
        row,
        picture,
        answer: { candidates: [candidate], probability: 0.8, crop: null },
        at,
      },
    );
  }
  return entries;
}
