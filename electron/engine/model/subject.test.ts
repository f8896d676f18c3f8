import { appendFile, cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openEngine } from '../engine.ts';
import { drawPicture, importedCatalog, item, MODELS, range } from '../test-catalog.ts';

/** The app's own models, in a folder of this test's. */
async function copyOfModels(): Promise<string> {
  const root = await mkdtemp(join(tmpdir(), 'lookalike-models-'));
  onTestFinished(() => rm(root, { recursive: true }));
  for (const name of ['manifest.json', 'starter', 'u2netp'])
    await cp(join(MODELS, name), join(root, name), { recursive: true });
  return root;
}

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
  expect((await engine.status()).notices).toEqual([
    expect.stringMatching(/^No crops are proposed: .*damaged/),
  ]);

  await cp(join(MODELS, 'u2netp', 'u2netp.onnx'), file);
  photo.bytes = await drawPicture(4);
  expect((await ask()).results).toHaveLength(5);
  expect((await engine.status()).notices).toEqual([]);
});
