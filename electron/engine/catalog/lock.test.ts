import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { LiveCatalog } from '../snapshot/live-catalog.ts';
import { temporaryFolder } from '../test-catalog.ts';
import { syncRows, testRow } from './test-rows.ts';

const MODEL = { id: 'test', dim: 8 };

async function writing() {
  const folder = join(await temporaryFolder(), 'catalog');
  await mkdir(folder);
  const catalog = await LiveCatalog.open(folder, MODEL);
  await syncRows(catalog, [testRow(0)], 'A');
  const staging = await catalog.stage();
  await staging.write([testRow(1)]);
  return { folder, catalog, staging };
}

test('a writer whose lock another one took does not publish over it', async () => {
  const { folder, catalog, staging } = await writing();
  // The next holder writes this when it takes over.
  await writeFile(`${folder}.owner`, 'another');
  await expect(staging.publish('B', 'test')).rejects.toMatchObject({ code: 'CATALOG_LOCK_LOST' });
  // Once the loss was noticed, every further step fails.
  await expect(staging.write([testRow(2)])).rejects.toMatchObject({ code: 'CATALOG_LOCK_LOST' });
  await staging.close();
  expect(await catalog.liveInfo()).toMatchObject({ name: 'A' });
  await rm(`${folder}.owner`);
  expect(await syncRows(catalog, [testRow(0), testRow(1)], 'C')).not.toBeNull();
});

test('a catalog that was deleted while it was written is said to be gone', async () => {
  const { folder, staging } = await writing();
  await rm(folder, { recursive: true });
  await expect(staging.publish('B', 'test')).rejects.toMatchObject({ code: 'CATALOG_FOLDER_GONE' });
  await staging.close();
});

test('a lock that another one took and let go of is lost, and the catalog is not said to be gone', async () => {
  const { folder, staging } = await writing();
  // The state after the next holder has taken over, written and ended.
  await rm(`${folder}.owner`);
  await expect(staging.publish('B', 'test')).rejects.toMatchObject({ code: 'CATALOG_LOCK_LOST' });
  await staging.close();
});
