import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { refuse } from '../files/test-held.ts';
import { importedCatalog, item, range, runImport, writeFeed } from '../test-catalog.ts';

test('work folders that are held fail no sync, and are removed by a later one', {
  timeout: 60_000,
}, async () => {
  const { folder, dataDir, engine } = await importedCatalog(
    range(3).map((i) => item(i)),
    range(4),
  );
  const tmp = join(dataDir, 'tmp');
  // Of a sync that was killed: no process has this id.
  await mkdir(join(tmp, '4194999-killed'), { recursive: true });
  await writeFile(join(tmp, '4194999-killed', 'products.ndjson'), '');
  {
    using held = refuse('rm', /\/tmp\/\d+-/);
    const report = await runImport(
      engine,
      await writeFeed(
        folder,
        range(4).map((i) => item(i)),
      ),
    );
    expect(report.published?.products).toBe(4);
    expect(held.times).toBeGreaterThan(5);
  }
  expect((await engine.status()).snapshot?.products).toBe(4);
  expect(await readdir(tmp)).toHaveLength(2);
  await runImport(
    engine,
    await writeFeed(
      folder,
      range(2).map((i) => item(i)),
    ),
  );
  // Its own, which it could not remove, is this process's still.
  expect((await readdir(tmp)).filter((name) => name.endsWith('killed'))).toEqual([]);
});
