import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdir, rm, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { connect } from '@lancedb/lancedb';
import { expect, onTestFinished, test } from 'vitest';
import { range, temporaryFolder } from '../test-catalog.ts';
import { Catalog } from './catalog.ts';
import { publishRows, rowsOf, testRow } from './test-rows.ts';

const MODEL = { id: 'test', dim: 8 };
/** To kill more often: `KILLS=60 npx vitest run electron/engine/catalog/collect.test.ts`. */
const KILLS = Number(process.env.KILLS ?? 6);
const PRODUCTS = 60;

/** Every round shows the same products with other pictures. */
const roundOf = (round: number) =>
  range(PRODUCTS).map((seed) => {
    const { row, content } = testRow(round * PRODUCTS + seed);
    return { row: testRow(seed, { imageHash: row.imageHash, price: round + 1 }).row, content };
  });

async function countIn(uri: string, table: string): Promise<number> {
  return (await (await connect(uri)).openTable(table)).countRows();
}

/** Checks that every kept snapshot has all its rows, with their pictures and features. */
async function expectWhole(uri: string): Promise<number> {
  const catalog = await Catalog.open(uri, MODEL);
  const snapshots = await catalog.history.list();
  for (const { version } of snapshots) {
    const rows = await rowsOf(catalog, version);
    const round = (rows[0]?.row.price ?? 0) - 1;
    const wanted = roundOf(round).sort((a, b) => (a.row.key < b.row.key ? -1 : 1));
    expect(rows.map(({ row }) => row)).toEqual(wanted.map(({ row }) => row));
    expect(rows.map(({ content }) => content.vector)).toEqual(wanted.map(({ content }) => content.vector));
  }
  expect((await catalog.check()).files).toEqual([]);
  await catalog.close();
  return snapshots.length;
}

test('pictures that no kept snapshot and no staged row names are deleted, with what every model made of them', async () => {
  const uri = await temporaryFolder();
  const catalog = await Catalog.open(uri, MODEL);
  for (const round of range(10)) await publishRows(catalog, roundOf(round));
  expect(await countIn(uri, 'pictures')).toBe(10 * PRODUCTS);
  const other = await (await Catalog.open(uri, { id: 'other', dim: 8 })).stage();
  const seen = new Map(roundOf(0).map(({ row, content }) => [row.imageHash, content]));
  await other.pictures.addFeatures(seen);
  await other.close();
  // Staged rows that were not published must remain for the next import.
  const staging = await catalog.stage();
  const staged = testRow(100_000);
  await staging.write([staged]);
  await staging.close();
  for (const round of [10, 11]) {
    const next = await catalog.stage();
    await next.write(roundOf(round));
    await next.publish('Next', 'test');
    await next.close();
  }
  expect(await countIn(uri, 'pictures')).toBe(10 * PRODUCTS + 1);
  expect(await countIn(uri, 'features-test')).toBe(10 * PRODUCTS + 1);
  expect(await countIn(uri, 'features-other')).toBe(0);
  const after = await catalog.stage();
  expect(after.pictures.isKnown(staged.row.imageHash)).toBe(true);
  expect(after.pictures.isKnown(roundOf(0)[0]?.row.imageHash ?? '')).toBe(false);
  await after.close();
  for (const { version } of await catalog.history.list()) {
    expect((await rowsOf(catalog, version)).length).toBeGreaterThanOrEqual(PRODUCTS);
  }
});

test('files that killed writes have left unfinished are deleted by a publish, once nobody can be writing them', async () => {
  const uri = await temporaryFolder();
  const catalog = await Catalog.open(uri, MODEL);
  await publishRows(catalog, roundOf(0));
  const names = ['data/.tmpX1', '_versions/.tmpX2', '_transactions/a.txn#1', '_refs/tags/.tmpX3'];
  const left = ['product-images', 'pictures', 'features-test'].flatMap((table) =>
    names.map((name) => join(uri, `${table}.lance`, name)),
  );
  const [fresh, foreign] = [join(uri, 'pictures.lance', 'data', '.tmpNew'), join(uri, '.tmpOther')];
  for (const path of [...left, fresh, foreign]) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, 'cut');
    if (path !== fresh) await utimes(path, 0, 0);
  }
  await publishRows(catalog, roundOf(1));
  const there = [...left, fresh, foreign].filter((path) => existsSync(path));
  expect(there).toEqual([fresh, foreign]);
  expect((await catalog.check()).files).toEqual([]);
  expect((await catalog.history.list()).length).toBe(2);
  await catalog.close();
});

/** Publishes round after round in a separate process, which reports each round. */
function publishing(uri: string, from: number) {
  const at = (name: string) => JSON.stringify(new URL(name, import.meta.url).href);
  const code = `import { Catalog } from ${at('catalog.ts')};
import { publishRows, testRow } from ${at('test-rows.ts')};
const range = (count) => Array.from({ length: count }, (_, i) => i);
const PRODUCTS = ${PRODUCTS};
const roundOf = (round) =>
  range(PRODUCTS).map((seed) => {
    const { row, content } = testRow(round * PRODUCTS + seed);
    return { row: testRow(seed, { imageHash: row.imageHash, price: round + 1 }).row, content };
  });
const catalog = await Catalog.open(${JSON.stringify(uri)}, ${JSON.stringify(MODEL)});
for (let round = ${from}; ; round++) {
  await publishRows(catalog, roundOf(round));
  console.log(round);
}`;
  const args = ['--input-type=module', '-e', code];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'ignore'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

/** Waits until the process has published this many rounds. */
async function publishedRounds({ stdout }: ChildProcessByStdio<null, Readable, null>, count: number) {
  const lines = createInterface(stdout);
  for (let i = 0; i < count; i++) await once(lines, 'line');
}

test(`collections killed ${KILLS} times: every kept snapshot has all its pictures`, {
  timeout: 60_000 + KILLS * 30_000,
}, async () => {
  const uri = await temporaryFolder();
  const catalog = await Catalog.open(uri, MODEL);
  let round = 0;
  for (; round < 11; round++) await publishRows(catalog, roundOf(round));
  let collected = 0;
  for (const _ of range(KILLS)) {
    const before = await countIn(uri, 'pictures');
    const child = publishing(uri, round);
    const exit = once(child, 'exit');
    await publishedRounds(child, 1 + Math.floor(Math.random() * 4));
    await sleep(Math.random() * 300);
    child.kill('SIGKILL');
    expect(await exit).toEqual([null, 'SIGKILL']);
    // Otherwise the next writer would wait five seconds until the lock is stale.
    await rm(`${uri}.lock`, { recursive: true, force: true });
    expect(await expectWhole(uri)).toBeGreaterThanOrEqual(9);
    if ((await countIn(uri, 'pictures')) < before + PRODUCTS) collected++;
    const [newest] = await (await Catalog.open(uri, MODEL)).history.list();
    const [row] = await rowsOf(catalog, newest?.version ?? 0);
    round = row?.row.price ?? 0;
  }
  for (const _ of range(2)) await publishRows(catalog, roundOf(round++));
  await expectWhole(uri);
  expect(await countIn(uri, 'pictures')).toBeLessThan(14 * PRODUCTS);
  console.log(JSON.stringify({ kills: KILLS, collected, rounds: round }));
});
