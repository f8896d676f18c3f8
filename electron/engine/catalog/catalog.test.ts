import { cp, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from '@lancedb/lancedb';
import { expect, test } from 'vitest';
import { openEngine } from '../open-engine.ts';
import {
  drawInto,
  importedCatalog,
  item,
  MODELS,
  openTestEngine,
  runImport,
  temporaryFolder,
  writeFeed,
} from '../test-catalog.ts';

test('a publish that was killed before the tag moved is made good by the next import', async () => {
  const { engine, folder, dataDir, report } = await importedCatalog([item(0)], [0, 1]);
  await writeFeed(folder, [item(0), item(1)]);
  const moved = await runImport(engine, { kind: 'file', path: join(folder, 'feed.json') });
  // Such a kill leaves the rows and the log entry, and the live tag where it was.
  const table = await (await connect(join(dataDir, 'catalog'))).openTable('product-images');
  const tags = await table.tags();
  await tags.update('live', report.published?.version ?? 0);
  await tags.delete(`snapshot-${moved.published?.version}`);
  await engine.catalog.caughtUp();
  expect(await engine.status()).toMatchObject({ snapshot: report.published });

  const again = await runImport(engine, await writeFeed(folder, [item(0), item(1)]));
  expect(again).toMatchObject({ products: { total: 2, added: 1, unchanged: 1 }, images: { embedded: 0 } });
  expect(again.published?.version).toBeGreaterThanOrEqual(moved.published?.version ?? 0);
  expect((await engine.status()).snapshot).toEqual(again.published);
  expect((await engine.product('p1')).title).toBe('Product 1');
});

test('a second engine, as another process would, sees a publish as soon as it is in memory', async () => {
  const { engine, folder, dataDir } = await importedCatalog([item(0)], [0, 1]);
  const other = await openTestEngine(dataDir);
  await expect(other.product('p1')).rejects.toMatchObject({ code: 'PRODUCT_UNKNOWN' });
  const { published } = await runImport(engine, await writeFeed(folder, [item(0), item(1)]));
  await other.catalog.caughtUp();
  expect(await other.product('p1')).toMatchObject({ productId: 'p1' });
  expect((await other.status()).snapshot).toEqual(published);
});

test('a catalog copied to another folder is a whole catalog', async () => {
  const { folder, dataDir, report } = await importedCatalog([item(0), item(1)], [0, 1]);
  const copy = join(folder, 'copy');
  await cp(dataDir, copy, { recursive: true });
  const engine = await openTestEngine(copy);
  expect((await engine.status()).snapshot).toEqual(report.published);
  const { thumbnails } = await engine.product('p1');
  expect(await engine.thumbnails(thumbnails)).toHaveLength(1);
});

test('a file where the catalog folder should be is CATALOG_UNREADABLE', async () => {
  const dataDir = await temporaryFolder();
  await writeFile(join(dataDir, 'catalog'), 'a file');
  const opening = openEngine({ dataDir, modelRoots: [MODELS], sampleFeed: '' });
  await expect(opening).rejects.toMatchObject({ code: 'CATALOG_UNREADABLE' });
});

// Not even root can create a file below a file, so this fails on every machine as a broken disk does on some.
test('a folder that cannot be made is an error of storage, and the next import works', async () => {
  const folder = await temporaryFolder();
  await drawInto(folder, [0]);
  const engine = await openTestEngine(join(folder, 'data'));
  const source = await writeFeed(folder, [item(0)]);
  const catalog = join(folder, 'data/catalog');
  await rm(catalog, { recursive: true, force: true });
  await writeFile(catalog, 'a file');
  await expect(runImport(engine, source)).rejects.toMatchObject({ code: 'STORAGE_BROKEN' });
  await rm(catalog);
  expect((await runImport(engine, source)).products.added).toBe(1);
});

test('storage that fails in the middle of an import leaves what is published, and the next import works', async () => {
  const { engine, folder, dataDir, report } = await importedCatalog([item(0)], [0, 1]);
  const source = await writeFeed(folder, [item(0), item(1)]);
  const transactions = join(dataDir, 'catalog/product-images.lance/_transactions');
  await rename(transactions, `${transactions}.aside`);
  await writeFile(transactions, 'a file');
  await expect(runImport(engine, source)).rejects.toMatchObject({ code: 'STORAGE_BROKEN' });
  expect(await engine.status()).toMatchObject({ snapshot: report.published, importing: false });
  expect(await engine.product('p0')).toMatchObject({ title: 'Product 0' });
  await rm(transactions);
  await rename(`${transactions}.aside`, transactions);
  expect((await runImport(engine, source)).products).toMatchObject({ added: 1, unchanged: 1 });
});
