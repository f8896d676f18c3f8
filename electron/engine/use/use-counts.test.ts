import { readdir, readFile, writeFile } from 'node:fs/promises';
import { createRouterClient } from '@orpc/server';
import { expect, test } from 'vitest';
import type { Engine } from '../engine.ts';
import { dataFolder } from '../files/data-folder.ts';
import { writeJournal } from '../files/journal.ts';
import { createRouter } from '../router.ts';
import { drawPicture, importedCatalog, item, openTestEngine, temporaryFolder } from '../test-catalog.ts';
import { lengthOf, quantileOf } from './use-entries.ts';

const window = (engine: Engine) => createRouterClient(createRouter(engine));
const program = (engine: Engine) => createRouterClient(createRouter(engine, 'program'));
const photo = async (seed: number) => ({ kind: 'photo', photo: { bytes: await drawPicture(seed) } }) as const;

test('photos, words and programs are counted by day, across restarts, until they are forgotten', async () => {
  const { engine, dataDir } = await importedCatalog([item(0), item(1)], [0, 1]);
  const asked = window(engine);
  const query = await photo(1);
  // The same photo again, with a filter or another crop, is one photo.
  await asked.search({ query });
  await asked.search({ query: { ...query, crop: 'auto' } });
  await asked.search({ query: await photo(0) });
  await asked.search({ query: { kind: 'product', productId: 'p0' } });
  await program(engine).search({ query });
  const [day] = (await asked.use()).days;
  expect(day).toMatchObject({ photos: 2, words: 0, programs: 1 });
  expect(day?.waits?.p50).toBeGreaterThan(0);
  expect(day?.waits?.p95).toBeGreaterThanOrEqual(day?.waits?.p50 ?? Infinity);

  const again = await openTestEngine(dataDir);
  expect((await window(again).use()).days).toEqual([day]);
  expect(await window(again).forgetUse()).toMatchObject({ on: true, days: [], waits: null });
});

test('the answer that counts for a photo is its last one', async () => {
  const { engine } = await importedCatalog([item(0), item(1)], [0, 1]);
  const asked = window(engine);
  const query = await photo(1);
  await asked.search({ query, filters: { brand: ['nobody'] } });
  expect((await asked.use()).days).toMatchObject([{ photos: 1, unmatched: 1 }]);
  await asked.search({ query });
  expect((await asked.use()).days).toMatchObject([{ photos: 1, unmatched: 0 }]);
});

test('words that are being typed count once, and what found nothing is told, the most frequent first', async () => {
  const { engine } = await importedCatalog([item(0, { category: 'coat' }), item(1)], [0, 1]);
  const asked = window(engine);
  for (const words of ['coa', 'coat', 'zeppelin', 'zeppelin blue', 'coat', 'Zeppelin', 'coat', 'constructor'])
    await asked.search({ query: { kind: 'words', words } });
  const { days, foundNothing } = await asked.use();
  expect(days).toMatchObject([{ photos: 0, words: 6 }]);
  expect(foundNothing).toEqual([
    { words: 'zeppelin', times: 2 },
    { words: 'blue', times: 1 },
    { words: 'constructor', times: 1 },
  ]);
});

test('switched off, nothing is counted, and what was counted is kept', async () => {
  const { engine, dataDir } = await importedCatalog([item(0)], [0]);
  const asked = window(engine);
  await asked.search({ query: await photo(0) });
  expect(await asked.switchUse({ on: false })).toMatchObject({ on: false, days: [{ photos: 1 }] });
  await asked.search({ query: await photo(5) });
  const again = window(await openTestEngine(dataDir));
  await again.search({ query: await photo(6) });
  expect(await again.use()).toMatchObject({ on: false, days: [{ photos: 1 }] });
});

test('two processes count together', async () => {
  const { engine, dataDir } = await importedCatalog([item(0)], [0]);
  const other = await openTestEngine(dataDir);
  await window(engine).search({ query: await photo(0) });
  await program(other).search({ query: await photo(0) });
  await window(other).use();
  expect((await window(engine).use()).days).toMatchObject([{ photos: 1, programs: 1 }]);
});

test('a damaged line costs that line, and is told', async () => {
  const dataDir = await temporaryFolder();
  const path = dataFolder.use(dataDir);
  await writeJournal(path, [
    { kind: 'day', day: '2026-11-30', photos: 3 },
    { kind: 'day', day: '2026-11-30', photos: 4, words: 1 },
  ]);
  await writeFile(path, (await readFile(path, 'utf8')).replace('"photos":3', '"photos":9'));
  const engine = await openTestEngine(dataDir);
  expect((await window(engine).use()).days).toMatchObject([{ day: '2026-11-30', photos: 4, words: 1 }]);
  // A line that switched counting off may have been the damaged one.
  expect(await window(engine).use()).toMatchObject({ on: false });
  expect((await engine.status()).notices).toContainEqual(
    expect.objectContaining({ code: 'FILE_DAMAGED', params: expect.objectContaining({ of: 'use' }) }),
  );
});

test('forgetting leaves no copy of a damaged journal', async () => {
  const dataDir = await temporaryFolder();
  const path = dataFolder.use(dataDir);
  await writeJournal(path, [
    { kind: 'day', day: '2026-11-29', words: 1, nothing: { secretword: 1 } },
    { kind: 'day', day: '2026-11-30', photos: 1 },
  ]);
  await writeFile(path, (await readFile(path, 'utf8')).replace('"photos":1', '"photos":7'));
  const client = window(await openTestEngine(dataDir));
  await client.switchUse({ on: true });
  expect((await readdir(dataDir)).filter((name) => name.endsWith('.damaged'))).toHaveLength(1);
  expect(await client.forgetUse()).toMatchObject({ on: true, days: [] });
  expect((await readdir(dataDir)).filter((name) => name.endsWith('.damaged'))).toEqual([]);
});

test('a year of lines is written anew as a line a day', async () => {
  const dataDir = await temporaryFolder();
  const path = dataFolder.use(dataDir);
  const lines = Array.from({ length: 1500 }, () => ({ kind: 'day', day: '2026-11-30', programs: 1 }));
  await writeJournal(path, lines);
  const engine = await openTestEngine(dataDir);
  // What is written next.
  expect((await window(engine).switchUse({ on: true })).days).toMatchObject([{ programs: 1500 }]);
  expect((await readFile(path, 'utf8')).trim().split('\n')).toHaveLength(2);
});

test('a quantile of waits is within 5 % of the true one', () => {
  const lengths: Record<string, number> = {};
  for (let ms = 1; ms <= 1000; ms++) lengths[lengthOf(ms)] = (lengths[lengthOf(ms)] ?? 0) + 1;
  for (const share of [0.5, 0.95])
    expect(Math.abs((quantileOf(lengths, share) ?? 0) / (1000 * share) - 1)).toBeLessThan(0.05);
  expect(quantileOf({}, 0.5)).toBeNull();
});

test('what is asked while counts are written is counted too', async () => {
  const { engine } = await importedCatalog([item(0)], [0]);
  const asked = program(engine);
  const query = await photo(0);
  const answer = await engine.search({ query });
  const writing = [];
  for (let n = 0; n < 50; n++) {
    writing.push(asked.use());
    engine.useCounts.note({ query }, answer, 'program');
    // Somewhere between opening the journal and the end of the line.
    await new Promise((resolve) => setTimeout(resolve, n % 5));
    engine.useCounts.note({ query }, answer, 'program');
  }
  await Promise.all(writing);
  expect((await asked.use()).days).toMatchObject([{ programs: 100 }]);
});

test('processes that count at once lose nothing', async () => {
  const { engine, dataDir } = await importedCatalog([item(0)], [0]);
  const query = await photo(0);
  const answer = await engine.search({ query });
  const engines = [engine, await openTestEngine(dataDir), await openTestEngine(dataDir)];
  await Promise.all(
    engines.map(async ({ useCounts }) => {
      for (let n = 0; n < 40; n++) {
        useCounts.note({ query }, answer, 'program');
        await useCounts.counted();
      }
    }),
  );
  expect((await window(engine).use()).days).toMatchObject([{ programs: 120 }]);
});
