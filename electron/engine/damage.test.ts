// Every file of a data folder in turn is truncated to half, emptied, changed by one bit in the middle and removed, and every
// folder is copied incompletely. The engine must open, report the damage, answer correctly or say why not, and the next
// import must repair everything.
import { cpSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { LookalikeError } from '../contract/errors.ts';
import type { SearchResponse } from '../contract/search.ts';
import { makeTemporaryFolder, removeFolder } from '../dev/temporary-folder.ts';
import { needsOf, readIntegrity } from './catalog/integrity.ts';
import {
  featuresTable,
  manifestsOf,
  PICTURES,
  PRODUCT_IMAGES,
  readManifest,
  tableFolder,
} from './catalog/layout.ts';
import type { Engine } from './engine.ts';
import { openEngine } from './open-engine.ts';
import { drawInto, drawPicture, item, MODELS, range, runImport, writeFeed } from './test-catalog.ts';
import { installTestModels } from './test-models.ts';

const PRODUCTS = 5;
/** The price tells which of the three snapshots answered. */
const feedOf = (price: number) =>
  range(PRODUCTS + price).map((seed) => item(seed, { price, title: `Product no${seed}` }));

/** Files whose damage changes no answer and need not be reported: their content is made again, or nobody reads it. */
const HARMLESS: readonly RegExp[] = [
  // Lance's records of completed writes, and a hint that it does not need.
  /_transactions(\/|$)/,
  /latest_version_hint\.json$/,
  // Measured again, or built again.
  /^calibration-.*\.json$/,
  /^index-.*\.bin$/,
  // The tables tell their version too.
  /^catalog\/schema\.json$/,
  // Temporary files of processes that have ended.
  /^tmp(\/|$)/,
  // The weights of a model that is not in use are verified when it is loaded.
  /^models\/other(\/(?!model\.json|verified\.json)|$)/,
];
/** Files that may be missing without a report, because they are missing at first too. */
const OPTIONAL: readonly RegExp[] = [
  /^(sync|sources|providers|model-in-use)\.json$/,
  /^models(\/manifest\.json|\/other\/(model|verified)\.json)?$/,
  /^catalog\/integrity-.*\.json$/,
  // Without its folder there is no catalog, as at a first start.
  /^catalog$/,
];

let base: string;
let feed: Awaited<ReturnType<typeof writeFeed>>;
let photo: Uint8Array<ArrayBuffer>;
let files: string[];
let folders: string[];
/** Files that no kept snapshot needs: staged by imports and not pruned yet, or of older versions of the log. */
let unneeded: Set<string>;

const open = (dataDir: string, modelId?: string) =>
  openEngine({
    dataDir,
    modelRoots: [join(dataDir, 'models'), MODELS],
    sampleFeed: '',
    fallBack: true,
    ...(modelId !== undefined && { modelId }),
  });

beforeAll(async () => {
  const folder = await makeTemporaryFolder();
  afterAll(() => removeFolder(folder));
  base = join(folder, 'data');
  await installTestModels(base);
  await drawInto(folder, range(PRODUCTS + 3));
  photo = await drawPicture(3);
  const engine = await open(base, 'starter-2');
  await runImport(engine, await writeFeed(folder, feedOf(1)));
  const steps = engine.modelInUse.switchTo('mean', new AbortController().signal);
  while (!(await steps.next()).done);
  await runImport(engine, await writeFeed(folder, feedOf(2)));
  feed = await writeFeed(folder, feedOf(3));
  await runImport(engine, feed);
  await engine.publisher.saveSource({
    id: 'test',
    name: 'Test',
    location: feed,
    format: null,
    mapping: null,
    secretHeader: null,
    everyHours: null,
    onStart: false,
  });
  await engine.calibrate();
  await engine.close();
  await writeFile(join(base, 'providers.json'), JSON.stringify({ chosen: 'cpu', trying: null, tried: {} }));
  const entries = await readdir(base, { recursive: true, withFileTypes: true });
  const pathOf = ({ parentPath, name }: (typeof entries)[number]) =>
    join(parentPath, name).slice(base.length + 1);
  files = entries
    .filter((entry) => entry.isFile())
    .map(pathOf)
    .sort();
  folders = entries
    .filter((entry) => entry.isDirectory())
    .map(pathOf)
    .sort();
  unneeded = new Set(await findUnneeded());
  if (process.env.DAMAGE === '')
    process.stdout.write(`${files.length} files, ${folders.length} folders, ${unneeded.size} unneeded\n`);
}, 120_000);

async function findUnneeded(): Promise<string[]> {
  const needed = new Set<string>();
  const uri = join(base, 'catalog');
  for (const name of [PRODUCT_IMAGES, PICTURES, featuresTable('starter-2'), featuresTable('mean')]) {
    const table = `catalog/${tableFolder(name)}`;
    const noted = await readIntegrity(uri, name);
    const manifests = await manifestsOf(join(base, table));
    // Of a table without snapshots the newest version counts.
    const versions = noted.snapshots.map(({ version }) => version);
    for (const version of versions.length > 0 ? versions : [Math.max(...manifests.keys())]) {
      const { rows, indexes, indexNames } = await needsOf(
        join(base, table),
        manifests.get(version) ?? '',
        noted,
      );
      for (const { path } of rows) needed.add(`${table}/${path}`);
      // The index of another snapshot is rebuilt when somebody rolls back to it.
      if (version !== noted.live) continue;
      for (const path of [...indexes, ...indexNames.keys()]) needed.add(`${table}/${path}`);
    }
  }
  // The list of snapshots is read only at its newest version, which compacts the previous one.
  const list = 'catalog/snapshots.lance';
  const newest = [...(await manifestsOf(join(base, list)))].sort(([a], [b]) => b - a)[0]?.[1] ?? '';
  for (const { path } of (await readManifest(join(base, list, newest))).files) needed.add(`${list}/${path}`);
  return [...files, ...folders].filter(
    (path) => /^catalog\/.*\.lance\/(data|_versions|_indices|_deletions)\//.test(path) && !needed.has(path),
  );
}

type Harm = 'cut' | 'emptied' | 'flipped' | 'removed';

async function harm(path: string, how: Harm): Promise<void> {
  if (how === 'removed') return rm(path);
  const bytes = await readFile(path);
  if (how === 'flipped') {
    const middle = bytes.length >> 1;
    for (let i = Math.max(0, middle - 8); i < Math.min(bytes.length, middle + 8); i++)
      bytes[i] = (bytes[i] ?? 0) ^ 0xff;
  }
  await writeFile(path, how === 'flipped' ? bytes : bytes.subarray(0, how === 'cut' ? bytes.length >> 1 : 0));
}

/** The result of a search, or the code of a fault that has a sentence. */
async function ask(engine: Engine, query: 'photo' | 'words'): Promise<SearchResponse | string> {
  const request =
    query === 'photo'
      ? { kind: 'photo' as const, photo: { bytes: photo } }
      : { kind: 'words' as const, words: 'no3' };
  try {
    return await engine.search({ query: request });
  } catch (error) {
    if (!(error instanceof LookalikeError)) throw error;
    return error.code;
  }
}

/** Checks that the answer mixes no two snapshots, and has the requested product first. */
function expectRight(answer: SearchResponse): number {
  expect(answer.results[0]).toMatchObject({ productId: 'p3' });
  expect(answer.results[0]?.score).toBeLessThan(1.001);
  const prices = new Set(answer.results.map(({ price }) => price));
  expect(prices.size).toBe(1);
  const [price] = prices;
  return price ?? 0;
}

async function codesOf(engine: Engine): Promise<string[]> {
  const { notices } = await engine.status();
  return notices.map((notice) => notice.code);
}

/** Checks all promises for one damaged data folder. */
async function expectSurvival(dataDir: string, quiet: boolean): Promise<void> {
  const engine = await open(dataDir);
  try {
    const codes = await codesOf(engine);
    for (const query of ['photo', 'words'] as const) {
      const answer = await ask(engine, query);
      if (typeof answer === 'string') {
        expect(answer).toMatch(/^(CATALOG_DAMAGED|CATALOG_EMPTY)$/);
        expect(answer === 'CATALOG_EMPTY' || codes.includes('CATALOG_DAMAGED')).toBe(true);
      } else {
        const price = expectRight(answer);
        // An older snapshot may answer only if that is reported.
        if (price !== 3) expect(codes.join()).toMatch(/CATALOG_DAMAGED|in its place|FILE_DAMAGED/);
      }
    }
    // Damage that no answer depends on is found only by reading all bytes, as the app does in the background.
    await engine.health.check();
    if (!quiet) expect([...codes, ...(await codesOf(engine))]).not.toEqual([]);
    await engine.catalog.history.list();
    await runImport(engine, feed);
    for (const query of ['photo', 'words'] as const) {
      const answer = await ask(engine, query);
      if (typeof answer === 'string') throw new Error(`${query} after the import: ${answer}`);
      expect(expectRight(answer)).toBe(3);
      if (query === 'photo') expect(answer.total).toBe(PRODUCTS + 3);
    }
    const left = (await engine.health.check()).filter(({ path }) => !path.includes('starter-2'));
    expect(left).toEqual([]);
    expect((await engine.catalog.history.list()).filter(({ damaged }) => damaged)).toEqual([]);
  } finally {
    await engine.close();
  }
}

async function copied(): Promise<string> {
  const dataDir = await makeTemporaryFolder();
  onTestFinished(() => removeFolder(dataDir));
  // A single native call: for each of a hundred copies it takes 80 ms less of a core than promises would.
  cpSync(base, dataDir, { recursive: true });
  return dataDir;
}

/** Runs all cases, and reports every one that failed. */
async function all(
  cases: readonly { paths: string[]; how: string; harm: (path: string) => Promise<void>; quiet: boolean }[],
) {
  const failures: string[] = [];
  for (const { paths, how, harm, quiet } of cases) {
    const dataDir = await copied();
    for (const path of paths) await harm(join(dataDir, path));
    await expectSurvival(dataDir, quiet).catch((error: unknown) =>
      failures.push(`${paths.join(', ')} ${how}: ${error}`),
    );
    await removeFolder(dataDir);
  }
  expect(failures).toEqual([]);
}

/**
 * Files whose names differ only in hashes and numbers behave alike. Of each kind, the newest file gets half of the kinds of
 * damage and the oldest the other half. `DAMAGE=all` tests every file, which takes many minutes.
 */
function ofEachKind(paths: readonly string[], half: 0 | 1): string[] {
  const only = process.env.DAMAGE;
  if (only) return paths.filter((path) => only === 'all' || path.includes(only));
  const kinds = new Map<string, string[]>();
  for (const path of paths) {
    const kind = path.replaceAll(/[0-9a-f-]{20,}|\d+/g, '*');
    kinds.set(kind, [...(kinds.get(kind) ?? []), path]);
  }
  return [...kinds.values()].flatMap((alike, i) => alike.at((i + half) % 2 === 0 ? 0 : -1) ?? []);
}

/** Files whose damage must change nothing are damaged together. */
function together(paths: readonly string[]): { alone: string[]; harmless: string[] } {
  const isHarmless = (path: string) => is(path, HARMLESS) || unneeded.has(path);
  return {
    alone: paths.filter((path) => !isHarmless(path)),
    harmless: paths.filter(isHarmless),
  };
}

const is = (path: string, list: readonly RegExp[]) => list.some((pattern) => pattern.test(path));

test.each([
  ['cut', 0],
  ['emptied', 1],
  ['flipped', 1],
  ['removed', 0],
] as const)('each file %s', { timeout: 600_000 }, async (how, half) => {
  const { alone, harmless } = together(files);
  const harmed = (target: string) => harm(target, how);
  await all([
    { paths: harmless, how, harm: harmed, quiet: true },
    ...ofEachKind(alone, half).map((path) => ({
      paths: [path],
      how,
      harm: harmed,
      quiet: how === 'removed' && is(path, OPTIONAL),
    })),
  ]);
});

test('each folder half made', { timeout: 600_000 }, async () => {
  const gone = (target: string) => rm(target, { recursive: true, force: true });
  const empty = async (target: string) => {
    await gone(target);
    await mkdir(target, { recursive: true });
  };
  const onlyTransactions = async (target: string) => {
    await empty(target);
    await mkdir(join(target, '_transactions'));
    await writeFile(join(target, '_transactions', 'begun.txn'), '');
  };
  const { alone, harmless } = together(folders);
  const each = (paths: string[], how: string, harm: (target: string) => Promise<void>) =>
    paths.map((path) => ({ paths: [path], how, harm, quiet: is(path, OPTIONAL) }));
  await all([
    { paths: harmless, how: 'gone', harm: gone, quiet: true },
    { paths: harmless, how: 'emptied', harm: empty, quiet: true },
    ...each(ofEachKind(alone, 0), 'gone', gone),
    ...each(ofEachKind(alone, 1), 'emptied', empty),
    ...each(
      alone.filter((path) => path.endsWith('.lance')),
      'begun',
      onlyTransactions,
    ),
  ]);
});
