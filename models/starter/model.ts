import { fileURLToPath } from 'node:url';
import manifest from '../manifest.json' with { type: 'json' };
import type { Digest } from '../verify.ts';

/** Where the starter model is built. Not in the repository: it comes out the same on every machine. */
export const MODEL_PATH = fileURLToPath(new URL('model.onnx', import.meta.url));

/** What must come out, as the manifest pins it for the engine too. */
export const MODEL_DIGEST: Digest = { algorithm: 'sha256', hex: pinnedSha256() };

function pinnedSha256(): string {
  const file = manifest.models.find(({ id }) => id === 'starter')?.files[0];
  if (!file || !('built' in file)) throw new Error('models/manifest.json does not pin the starter model');
  return file.sha256;
}
