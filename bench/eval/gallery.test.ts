import { copyFile, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test, vi } from 'vitest';
import { installedModels, verifyModel } from '../../electron/engine/model/files.ts';
import { readManifest } from '../../electron/engine/model/manifest.ts';
import { MODELS, temporaryFolder } from '../../electron/engine/test-catalog.ts';

test('a model is taken from any folder, whatever it is called and whatever else is beside it', async () => {
  vi.stubEnv('XDG_CACHE_HOME', await temporaryFolder());
  onTestFinished(() => {
    vi.unstubAllEnvs();
  });
  const { modelFromFolder } = await import('./gallery.ts');
  const parent = await temporaryFolder();
  const folder = join(parent, 'ours, of March');
  await mkdir(folder);
  await mkdir(join(parent, 'neighbour'));
  await writeFile(join(parent, 'neighbour/model.json'), 'not a model');
  await copyFile(join(MODELS, 'starter-2/model.onnx'), join(folder, 'model.onnx'));
  const starter = (await readManifest(MODELS)).find(({ id }) => id === 'starter-2');
  const entry = { ...starter, id: 'ours', files: [{ path: 'model.onnx' }] };
  await writeFile(join(folder, 'model.json'), JSON.stringify(entry));

  const { id, roots } = await modelFromFolder(folder, [MODELS]);
  expect(id).toBe('ours');
  const model = (await installedModels(roots)).find((found) => found.entry.id === id);
  if (!model) throw new Error('It is not installed.');
  await expect(verifyModel(model)).resolves.toMatch(/^[0-9a-f]{64}$/);
  expect(await readFile(join(model.folder, 'model.onnx'))).toEqual(
    await readFile(join(folder, 'model.onnx')),
  );
});
