import { mkdir, readdir, readFile, rename, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { Engine } from './engine.ts';
import { openEngine } from './open-engine.ts';
import {
  drawInto,
  drawPicture,
  item,
  MODELS,
  range,
  runImport,
  temporaryFolder,
  writeFeed,
} from './test-catalog.ts';
import { installTestModels } from './test-models.ts';

const never = new AbortController().signal;

/** Names of folders that people have. The last one has characters that Linux and macOS allow and Windows does not. */
const NAMES = [
  'Jörg',
  '店 Nguyễn',
  '100% #1 ~old [x] {y}',
  "a b & c; (d), @e + 'f'",
  ...(sep === '/' ? ['x'.repeat(200), '"a" <b> |c| d? *e* ^f` g\\h'] : []),
];

const itemsOf = (seeds: readonly number[]) => seeds.map((seed) => item(seed));

async function opened(dataDir: string): Promise<Engine> {
  const modelRoots = [join(dataDir, 'models'), MODELS];
  const engine = await openEngine({ dataDir, modelRoots, fallBack: true, sampleFeed: '' });
  onTestFinished(() => engine.close());
  return engine;
}

async function best(engine: Engine, seed: number): Promise<string | undefined> {
  const query = { kind: 'photo', photo: { bytes: await drawPicture(seed) } } as const;
  return (await engine.search({ query, limit: 1 })).results[0]?.productId;
}

async function toEnd<T>(steps: AsyncGenerator<unknown, T>): Promise<T> {
  let step = await steps.next();
  while (!step.done) step = await steps.next();
  return step.value;
}

// Where no folder may be created beside the data folder, Lance's second folder would be an error. As root it only shows by
// existing.
test.each(NAMES)('everything works in a folder named %j, and no other folder appears', async (name) => {
  const sandbox = await temporaryFolder();
  const folder = join(sandbox, name, name.slice(0, 50));
  const dataDir = join(folder, 'data');
  await mkdir(dataDir, { recursive: true });
  await drawInto(folder, range(5));

  const engine = await opened(dataDir);
  const first = await runImport(engine, await writeFeed(folder, itemsOf([0, 1, 2, 3])));
  const second = await runImport(engine, await writeFeed(folder, itemsOf([1, 2, 3, 4])));
  expect([first.published?.products, second.published?.products]).toEqual([4, 4]);
  expect((await engine.status()).catalogFolder).toBe(join(dataDir, 'catalog'));
  expect(await best(engine, 4)).toBe('p4');
  await engine.rollBack(first.published?.version ?? 0);
  expect(await best(engine, 0)).toBe('p0');
  expect((await engine.thumbnails((await engine.product('p0')).thumbnails)).length).toBe(1);

  const pack = join(folder, `${name.slice(0, 50)}.lookalike-pack`);
  await toEnd(engine.publisher.exportPack({ path: pack }, never));
  const store = await opened(join(folder, 'store'));
  expect((await runImport(store, { kind: 'file', path: pack })).published).toMatchObject({ products: 4 });
  expect(await best(store, 0)).toBe('p0');

  await installTestModels(dataDir);
  const withModels = await opened(dataDir);
  await toEnd(withModels.modelInUse.switchTo('other', never));
  expect(await best(withModels, 0)).toBe('p0');

  // The tables are inside the data folder: they are moved and deleted with it.
  const moved = join(sandbox, 'Ümzug #2');
  await rename(dataDir, moved);
  const after = await opened(moved);
  expect((await after.status()).model.id).toBe('other');
  expect(await best(after, 0)).toBe('p0');
  await rm(moved, { recursive: true });
  expect((await (await opened(moved)).status()).snapshot).toBeNull();

  expect(await readdir(sandbox)).toEqual([name]);
  expect((await readdir(folder)).sort()).toEqual(
    [...range(5).map((seed) => `${seed}.png`), 'feed.json', relative(folder, pack), 'store'].sort(),
  );
});

test('tables that an earlier version has made as root, beside a twin, go on', async () => {
  const sandbox = await temporaryFolder();
  const folder = join(sandbox, 'Jörg');
  await mkdir(folder);
  await drawInto(folder, range(3));
  const engine = await opened(join(folder, 'data'));
  await runImport(engine, await writeFeed(folder, itemsOf([0, 1])));
  const tags = 'data/catalog/product-images.lance/_refs/tags';
  // The state that LanceDB left: the tags in the table, and the second folder empty.
  await mkdir(join(sandbox, 'J%C3%B6rg', tags), { recursive: true });
  expect(JSON.parse(await readFile(join(folder, tags, 'live.json'), 'utf8'))).toHaveProperty('version');
  await runImport(engine, await writeFeed(folder, itemsOf([0, 1, 2])));
  expect(await best(await opened(join(folder, 'data')), 2)).toBe('p2');
  expect(await readdir(join(sandbox, 'J%C3%B6rg', tags))).toEqual([]);
});
