import { appendFile, cp } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { saying } from '../../cli/test-saying.ts';
import { makeTemporaryFolder, removeFolder } from '../../dev/temporary-folder.ts';
import { openEngine } from '../open-engine.ts';
import { drawPicture, importedCatalog, item, MODELS, range } from '../test-catalog.ts';
import { SubjectModels } from './subject.ts';

/** A copy of the app's own models, in a folder of this test. */
async function copyOfModels(): Promise<string> {
  const root = await makeTemporaryFolder();
  onTestFinished(() => removeFolder(root));
  for (const name of ['manifest.json', 'starter-2', 'u2netp'])
    await cp(join(MODELS, name), join(root, name), { recursive: true });
  return root;
}

test('what a photo is of is found, at a size that the graph does not declare', async () => {
  const model = await new SubjectModels([MODELS]).get();
  onTestFinished(() => model?.close());
  if (!model) throw new Error('The model is not there: npm install');
  const size = model.pixelSpec.size;
  // A dark square, off-centre on a light table.
  const pixels = new Uint8Array(size * size * 3).fill(225);
  const [from, to] = [Math.round(size * 0.2), Math.round(size * 0.6)];
  for (let y = from; y < to; y++) pixels.fill(40, (y * size + from) * 3, (y * size + to) * 3);
  const mask = await model.mask(pixels);
  expect(mask).toHaveLength(size * size);
  const at = (x: number, y: number) => mask[Math.round(y * size) * size + Math.round(x * size)];
  expect(at(0.4, 0.4)).toBeGreaterThan(0.9);
  expect(at(0.8, 0.8)).toBeLessThan(0.1);
});

test('a damaged model for crops costs the crops and not the answer, in full sight, until it is whole', async () => {
  const { dataDir } = await importedCatalog(
    range(5).map((seed) => item(seed)),
    range(5),
  );
  const root = await copyOfModels();
  const file = join(root, 'u2netp', 'u2netp.onnx');
  await appendFile(file, 'x');
  const engine = await openEngine({ dataDir, modelRoots: [root], sampleFeed: '' });
  onTestFinished(() => engine.close());
  const photo = { bytes: await drawPicture(3) };
  const ask = () => engine.search({ query: { kind: 'photo', photo, crop: 'auto' } });
  const { results, ranking } = await ask();
  expect(results[0]?.productId).toBe('p3');
  expect(ranking.crop).toBe(null);
  expect((await engine.status()).notices).toEqual([saying(/^No crops are proposed: .*damaged/)]);

  await cp(join(MODELS, 'u2netp', 'u2netp.onnx'), file);
  photo.bytes = await drawPicture(4);
  expect((await ask()).results).toHaveLength(5);
  expect((await engine.status()).notices).toEqual([]);
});
