import { fileURLToPath } from 'node:url';
import manifest from '../manifest.json' with { type: 'json' };
import type { Digest } from '../verify.ts';

/** Where the starter model is built. It is not in the repository, because every machine builds the same bytes. */
export const MODEL_PATH = fileURLToPath(new URL('model.onnx', import.meta.url));

/** The digest of the built model, pinned in the manifest, which the engine checks too. */
export const MODEL_DIGEST: Digest = { algorithm: 'sha256', hex: pinnedSha256() };

function pinnedSha256(): string {
  const file = manifest.models.find(({ id }) => id === 'starter')?.files[0];
  if (!file || !('built' in file)) throw new Error('models/manifest.json does not pin the starter model');
  return file.sha256;
}
