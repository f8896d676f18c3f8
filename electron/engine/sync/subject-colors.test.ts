import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { Catalog } from '../catalog/catalog.ts';
import { featuresTable } from '../catalog/layout.ts';
import type { CatalogRow } from '../catalog/rows.ts';
import { SUBJECT_COLUMNS } from '../catalog/schema.ts';
import { connectTables } from '../catalog/tables.ts';
import { loadSharp } from '../images/sharp-build.ts';
import { openEngine } from '../open-engine.ts';
import {
  item,
  MODELS,
  openTestEngine,
  range,
  runImport,
  temporaryFolder,
  writeFeed,
} from '../test-catalog.ts';

/** More than one write of colours. */
const PICTURES = 70;

const TABLE = [225, 221, 214];

/** A square of a colour of its own on a plain table. */
async function drawThing(seed: number): Promise<Uint8Array<ArrayBuffer>> {
  const sharp = await loadSharp();
  const size = 96;
  const pixels = new Uint8Array(size * size * 3);
  for (let at = 0; at < size * size; at++) {
    const [x, y] = [at % size, Math.floor(at / size)];
    const isThing = x > 24 + (seed % 7) && x < 66 && y > 28 && y < 70;
    pixels.set(isThing ? [(seed * 53) % 256, (seed * 97) % 256, (seed * 31) % 256] : TABLE, at * 3);
  }
  return Uint8Array.from(
    await sharp(pixels, { raw: { width: size, height: size, channels: 3 } })
      .png()
      .toBuffer(),
  );
}

async function storedPictures(dataDir: string): Promise<CatalogRow[]> {
  const catalog = await Catalog.open(join(dataDir, 'catalog'), { id: 'starter-2', dim: 576 });
  const rows: CatalogRow[] = [];
  const { version } = (await catalog.liveInfo()) ?? { version: 0 };
  for await (const some of catalog.rows.scanWithContent(version)) rows.push(...some);
  await catalog.close();
  return rows.sort((a, b) => (a.row.key < b.row.key ? -1 : 1));
}

/** How many of them have the colours of their subjects. */
const subjectsIn = (rows: readonly CatalogRow[]) =>
  rows.filter(({ content }) => content.subjectColors !== null).length;

test('a catalog of an earlier release answers as it did until a sync has made the colours of its subjects, with nothing embedded', {
  timeout: 120_000,
}, async () => {
  const folder = await temporaryFolder();
  const dataDir = join(folder, 'data');
  for (const seed of range(PICTURES)) await writeFile(join(folder, `${seed}.png`), await drawThing(seed));
  const source = await writeFeed(
    folder,
    range(PICTURES).map((seed) => item(seed)),
  );
  const photo = { bytes: await drawThing(11) };
  const query = { kind: 'photo', photo, crop: 'auto' } as const;

  // As an earlier release has left it: without the columns for the colours of subjects.
  const before = await openEngine({ dataDir, modelRoots: [MODELS], sampleFeed: '' });
  await runImport(before, source);
  await before.close();
  const made = await storedPictures(dataDir);
  expect(subjectsIn(made)).toBe(PICTURES);
  const db = await connectTables(join(dataDir, 'catalog'));
  const table = await db.openTable(featuresTable('starter-2'));
  await table.dropColumns([...SUBJECT_COLUMNS]);
  table.close();
  db.close();

  const engine = await openTestEngine(dataDir);
  const { results, ranking } = await engine.search({ query });
  expect(results[0]?.productId).toBe('p11');
  expect(ranking.color.of).toBe('picture');

  // Stopped after the first write, the next sync goes on from there.
  const stop = new AbortController();
  const steps = engine.publisher.sync({ source, confirmRemovals: true }, stop.signal);
  const stopped = (async () => {
    for (let step = await steps.next(); !step.done; step = await steps.next())
      if (step.value.phase === 'embedding' && step.value.done > 0) stop.abort();
  })();
  await expect(stopped).rejects.toMatchObject({ code: 'CANCELLED' });
  const half = await storedPictures(dataDir);
  expect(subjectsIn(half)).toBe(64);
  expect((await engine.search({ query })).results[0]?.productId).toBe('p11');
  expect((await engine.status()).notices).toEqual([]);

  const report = await runImport(engine, source);
  expect(report).toMatchObject({ images: { embedded: 0 }, products: { changed: 0 }, problems: [] });
  expect(report.published).not.toBeNull();
  const after = await storedPictures(dataDir);
  expect(subjectsIn(after)).toBe(PICTURES);
  expect(after.map(({ content }) => content.vector)).toEqual(half.map(({ content }) => content.vector));
  const answer = await engine.search({ query });
  expect(answer.results[0]?.productId).toBe('p11');
  expect(answer.ranking.color.of).toBe('subject');
  // The subject is found once for all crops of a photo, and not where no crop is asked for.
  const crop = { x: 0.2, y: 0.2, width: 0.6, height: 0.6 };
  const boxed = await engine.search({ query: { kind: 'photo', photo, crop } });
  expect([boxed.ranking.color.of, boxed.timings.crop]).toEqual(['subject', 0]);
  const plain = await engine.search({ query: { kind: 'photo', photo } });
  expect([plain.ranking.color.of, plain.timings.crop]).toEqual(['picture', 0]);
  const whole = await engine.search({ query: { kind: 'photo', photo, crop: 'whole' } });
  expect([whole.ranking.color.of, whole.ranking.crop]).toEqual(['subject', null]);
  expect(await engine.catalog.check()).toMatchObject({ damaged: new Set(), features: { files: [] } });
  expect((await engine.status()).notices).toEqual([]);
  // Nothing is left to do.
  expect((await runImport(engine, source)).published).toBeNull();

  // They are those of the import.
  const colors = (rows: readonly CatalogRow[]) => rows.map(({ content }) => content.subjectColors);
  expect(colors(after)).toEqual(colors(made));
});
