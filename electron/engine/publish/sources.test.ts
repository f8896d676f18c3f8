import { readdir, readFile, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { saying } from '../../cli/test-saying.ts';
import type { FeedSource, Source } from '../../contract/publishing.ts';
import type { Engine } from '../engine.ts';
import { openEngine } from '../open-engine.ts';
import {
  drawInto,
  drawPicture,
  importedCatalog,
  item,
  MODELS,
  openTestEngine,
  range,
  temporaryFolder,
  writeFeed,
} from '../test-catalog.ts';
import { openShop } from '../test-shop.ts';

const items = (count: number) => range(count).map((i) => item(i));
const never = new AbortController().signal;

/** A source as the admin saves it. */
const sourceAt = (location: FeedSource, fields: Partial<Source> = {}): Source => ({
  id: 'shop',
  name: 'Shop',
  location,
  format: null,
  mapping: null,
  secretHeader: null,
  everyHours: null,
  onStart: false,
  ...fields,
});

/** Syncs a saved source to the end. */
async function syncSaved(engine: Engine, { id, location }: Source, signal = never) {
  for await (const _ of engine.publisher.sync({ source: location, sourceId: id }, signal));
}

test('a source gives its snapshots its own name, and a plan says it', async () => {
  const { engine, source, folder } = await importedCatalog([item(0)], [0]);
  expect((await engine.status()).snapshot?.name).toBe('Test');
  await engine.publisher.saveSource(sourceAt(source, { name: 'Spring' }));
  await writeFeed(folder, [item(0, { price: 5 })]);
  const request = { source, sourceId: 'shop' };
  const plan = engine.publisher.plan(request, never);
  let step = await plan.next();
  while (!step.done) step = await plan.next();
  expect(step.value.name).toBe('Spring');
  await syncSaved(engine, sourceAt(source));
  expect((await engine.status()).snapshot?.name).toBe('Spring');
});

const lastSync = (engine: Engine, id = 'shop') => engine.publisher.sources.get(id).lastSync;

test('sources are saved, replaced, listed by name and removed, also for the next start', async () => {
  const dataDir = await temporaryFolder();
  const { publisher } = await openTestEngine(dataDir);
  const location = { kind: 'url', url: 'https://shop.example/feed.json' } as const;
  await publisher.saveSource(sourceAt(location, { name: 'Winter' }));
  await publisher.saveSource(sourceAt(location, { id: 'other', name: 'Other' }));
  await publisher.saveSource(sourceAt(location, { name: 'Autumn', secretHeader: 'x-key' }));
  const names = (engine: Pick<Engine, 'publisher'>) =>
    engine.publisher.sources.list().map(({ source }) => source.name);
  expect(names({ publisher })).toEqual(['Autumn', 'Other']);
  await publisher.sources.remove('other');
  const reopened = await openTestEngine(dataDir);
  expect(reopened.publisher.sources.list()).toEqual([
    {
      source: sourceAt(location, { name: 'Autumn', secretHeader: 'x-key' }),
      lastSync: null,
      nextSyncAt: null,
    },
  ]);
  await expect(reopened.publisher.sources.remove('other')).rejects.toMatchObject({ code: 'SOURCE_UNKNOWN' });
});

test('a source with a password in its address is refused with what to do instead', async () => {
  const dataDir = await temporaryFolder();
  const { publisher } = await openTestEngine(dataDir);
  const source = sourceAt({ kind: 'url', url: 'https://anna:s3cret@shop.example/feed.json' });
  await expect(publisher.saveSource(source)).rejects.toMatchObject({
    code: 'SOURCE_INVALID',
    fault: saying('secret header'),
    item: 'https://shop.example/feed.json',
  });
  expect(publisher.sources.list()).toEqual([]);
});

test('how each sync of a source ended is kept with it, also for the next start', async () => {
  const { engine, folder, dataDir, source: location } = await importedCatalog(items(10), range(12));
  const source = sourceAt(location);
  await engine.publisher.saveSource(source);
  // The products that the feed has brought without a source become the source's.
  await syncSaved(engine, source);
  await syncSaved(engine, source);
  expect(lastSync(engine)).toMatchObject({
    result: 'unchanged',
    fault: null,
    problems: 0,
  });

  await writeFeed(folder, [...items(12), { title: 'no id' }]);
  await syncSaved(engine, source);
  expect(lastSync(engine)).toMatchObject({
    result: 'published',
    fault: null,
    problems: 1,
  });

  await writeFeed(folder, items(2));
  await expect(syncSaved(engine, source)).rejects.toMatchObject({ code: 'GATE_REMOVALS' });
  expect(lastSync(engine)).toMatchObject({
    result: 'refused',
    fault: { code: 'GATE_REMOVALS', params: { removed: 10, published: 12 } },
  });

  await writeFile(join(folder, 'feed.json'), '{"products":[');
  await expect(syncSaved(engine, source)).rejects.toMatchObject({ code: 'FEED_INVALID' });
  expect(lastSync(engine)).toMatchObject({ result: 'failed' });

  await writeFeed(folder, items(12));
  await expect(syncSaved(engine, source, AbortSignal.abort())).rejects.toMatchObject({ code: 'CANCELLED' });
  expect(lastSync(engine)).toMatchObject({ result: 'cancelled' });
  const reopened = await openTestEngine(dataDir);
  expect(lastSync(reopened)).toEqual(lastSync(engine));
});

test('a list that says how syncs ended in sentences, or by faults that are not known, is read without the reasons', async () => {
  const dataDir = await temporaryFolder();
  const at = '2026-03-01T11:00:00.000Z';
  const outcomes = {
    before: { at, result: 'failed', message: 'The feed is empty.', problems: 3 },
    later: { at, result: 'refused', fault: { code: 'FROM_LATER', params: {} }, problems: 4 },
    now: { at, result: 'failed', fault: { code: 'CATALOG_EMPTY', params: {} }, problems: 0 },
  };
  const location = { kind: 'url', url: 'https://shop.example/feed.json' } as const;
  const list = Object.entries(outcomes).map(([id, outcome]) => ({
    source: sourceAt(location, { id }),
    lastSync: outcome,
  }));
  await writeFile(join(dataDir, 'sources.json'), JSON.stringify(list));
  const engine = await openTestEngine(dataDir);
  expect(lastSync(engine, 'before')).toEqual({ at, result: 'failed', fault: null, problems: 3 });
  expect(lastSync(engine, 'later')).toEqual({ at, result: 'refused', fault: null, problems: 4 });
  expect(lastSync(engine, 'now')).toEqual(outcomes.now);
  expect((await engine.status()).notices).toEqual([]);
});

test('a sync whose progress nobody follows any more is kept as cancelled', async () => {
  const { engine, source: location } = await importedCatalog(items(2), range(2));
  const source = sourceAt(location);
  await engine.publisher.saveSource(source);
  for await (const _ of engine.publisher.sync({ source: location, sourceId: 'shop' }, never)) break;
  expect(lastSync(engine)).toMatchObject({ result: 'cancelled' });
  expect(engine.publisher.busy).toBe(false);
});

test('a damaged list of sources keeps nobody from matching photos; it is kept beside the new list, and said', async () => {
  const { dataDir, source } = await importedCatalog(items(2), range(2));
  await writeFile(join(dataDir, 'sources.json'), '[{"source":');
  const engine = await openTestEngine(dataDir);
  const query = { kind: 'photo', photo: { bytes: await drawPicture(1) } } as const;
  expect((await engine.search({ query, limit: 1 })).results).toMatchObject([{ productId: 'p1' }]);
  expect((await engine.status()).notices).toContainEqual(expect.objectContaining({ code: 'FILE_DAMAGED' }));
  expect(engine.publisher.sources.list()).toEqual([]);
  await engine.publisher.saveSource(sourceAt(source));
  expect(engine.publisher.sources.list()).toHaveLength(1);
  expect(await readFile(join(dataDir, 'sources.json.damaged'), 'utf8')).toBe('[{"source":');
});

test('what syncs remember is begun anew when it is damaged, and said', async () => {
  const said = vi.spyOn(console, 'error').mockImplementation(() => {});
  const { dataDir, source } = await importedCatalog(items(2), range(2));
  await writeFile(join(dataDir, 'sync.json'), '{"feeds":');
  const engine = await openTestEngine(dataDir);
  expect(said.mock.calls.flat().join(' ')).toContain('sync.json could not be read');
  for await (const _ of engine.publisher.sync({ source }, never));
});

test('what a killed write has left beside a list goes with the next start, one under way does not', async () => {
  const dataDir = await temporaryFolder();
  await writeFile(join(dataDir, 'sources.json.123'), '[');
  await writeFile(join(dataDir, 'sync.json.456'), '{');
  await utimes(join(dataDir, 'sources.json.123'), new Date(0), new Date(0));
  await openTestEngine(dataDir);
  const left = (await readdir(dataDir)).filter((name) => name.includes('.json'));
  expect(left).toEqual(['sync.json.456']);
});

test('a secret reaches the server of its feed, and of a picture elsewhere nobody', async () => {
  const other = await openShop([]);
  const shop = await openShop([item(0), item(1, { image: `${other.origin}/1.png` })]);
  const dataDir = await temporaryFolder();
  const engine = await openEngine({
    dataDir,
    modelRoots: [MODELS],
    sampleFeed: 'none',
    secretOf: async (id, origin) => (id === 'shop' && origin === shop.origin ? 'open sesame' : null),
  });
  const source = sourceAt(shop.source, { secretHeader: 'x-key' });
  await engine.publisher.saveSource(source);
  await syncSaved(engine, source);
  expect(shop.requests.map(({ url, headers }) => [url, headers['x-key']])).toContainEqual([
    '/feed.json',
    'open sesame',
  ]);
  expect(other.requests).toEqual([]);
  expect(await readFile(join(dataDir, 'sources.json'), 'utf8')).not.toContain('sesame');

  await engine.publisher.saveSource({ ...source, id: 'unknown' });
  const before = shop.requests.length;
  await expect(syncSaved(engine, { ...source, id: 'unknown' })).rejects.toMatchObject({
    code: 'SECRET_UNAVAILABLE',
  });
  expect(shop.requests).toHaveLength(before);
  expect(lastSync(engine, 'unknown')).toMatchObject({ result: 'failed' });

  // When the address changes, in the list or in the request, the password is not sent there.
  await expect(syncSaved(engine, { ...source, location: other.source })).rejects.toMatchObject({
    code: 'SECRET_UNAVAILABLE',
  });
  await engine.publisher.saveSource({ ...source, location: other.source });
  await expect(syncSaved(engine, { ...source, location: other.source })).rejects.toMatchObject({
    code: 'SECRET_UNAVAILABLE',
  });
  expect(other.requests).toEqual([]);
  await engine.close();
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('sources are synced at the start and when they are due, one after the other, whatever becomes of one', async () => {
  const folder = await temporaryFolder();
  await drawInto(folder, [0]);
  const location = await writeFeed(folder, [item(0)]);
  const engine = await openTestEngine(join(folder, 'data'));
  const missing = { kind: 'file', path: join(folder, 'none.json') } as const;
  const { publisher } = engine;
  await publisher.saveSource(sourceAt(missing, { id: 'a', name: 'A', onStart: true }));
  await publisher.saveSource(sourceAt(location, { id: 'b', name: 'B', onStart: true, everyHours: 2 }));
  await publisher.saveSource(sourceAt(location, { id: 'c', name: 'C', everyHours: 1 }));
  await publisher.saveSource(sourceAt(location, { id: 'd', name: 'D' }));
  const results = () =>
    Object.fromEntries(publisher.sources.list().map((entry) => [entry.source.id, entry.lastSync?.result]));

  // Only the clock and the schedule's minute are faked: a sync's own waits are real.
  vi.useFakeTimers({ toFake: ['Date'] });
  const stop = new AbortController();
  const minutes: (() => void)[] = [];
  const real = globalThis.setTimeout;
  vi.spyOn(globalThis, 'setTimeout').mockImplementation(((run: () => void, ms?: number) =>
    ms === 60_000 ? real(() => minutes.push(run)) : real(run, ms)) as typeof setTimeout);
  const schedule = publisher.keepSchedule(stop.signal);
  await vi.waitUntil(() => minutes.length === 1, { timeout: 20_000 });
  expect(results()).toEqual({ a: 'failed', b: 'published', c: 'published', d: undefined });

  const first = lastSync(engine, 'b')?.at;
  vi.setSystemTime(Date.now() + 61 * 60_000);
  minutes.shift()?.();
  await vi.waitUntil(() => minutes.length === 1, { timeout: 20_000 });
  expect(lastSync(engine, 'b')?.at).toBe(first);
  expect(Date.parse(lastSync(engine, 'c')?.at ?? '')).toBeGreaterThan(Date.parse(first ?? '') + 3_600_000);
  stop.abort();
  await schedule;
});
