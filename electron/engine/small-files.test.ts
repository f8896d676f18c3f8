import { mkdir, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openEngine } from './open-engine.ts';
import { MODELS, temporaryFolder } from './test-catalog.ts';

/** Small files whose damage only they report, by what depends on them. */
const FILES = {
  model: 'models/other/model.json',
  'model notes': 'models/other/verified.json',
  models: 'models/manifest.json',
  'model settings': 'models/settings.json',
  secrets: 'secrets.json',
};

test('each small file that is damaged is said, and stops nothing', async () => {
  const dataDir = join(await temporaryFolder(), 'data');
  const modelRoots = [join(dataDir, 'models'), MODELS];
  const engine = await openEngine({ dataDir, modelRoots, sampleFeed: '' });
  onTestFinished(() => engine.close());
  const notices = async () => (await engine.status()).notices;
  expect(await notices()).toEqual([]);
  for (const [of, file] of Object.entries(FILES)) {
    const path = join(dataDir, file);
    await mkdir(dirname(path), { recursive: true });
    for (const damaged of ['', '{"id": "ot', '\xff\xfe{}', '{"id": 7, "mirror": 7, "models": {}}']) {
      await writeFile(path, damaged, 'latin1');
      const found = await notices();
      expect(found, `${file} with ${damaged}`).toMatchObject([
        { code: 'FILE_DAMAGED', params: { file: path, of } },
      ]);
    }
    expect((await engine.models.list()).map(({ id }) => id)).toContain('starter-2');
    await rm(path);
    expect(await notices()).toEqual([]);
  }
});
