import { fileURLToPath } from 'node:url';
import manifest from '../manifest.json' with { type: 'json' };
import type { Digest } from '../verify.ts';

/** A model that is built from the starter's weights. It is not in the repository, because every machine builds the same bytes. */
export interface BuiltModel {
  id: string;
  /** Whether its features are whitened (`whitening.ts`). */
  whitened: boolean;
  path: string;
  /** The digest of the built model, pinned in the manifest, which the engine checks too. */
  digest: Digest;
}

/** The starter model, and that of earlier versions. Neither ever changes: catalogs are kept under their ids. */
export const BUILT_MODELS: readonly [BuiltModel, BuiltModel] = [
  builtModel('starter-2', true),
  builtModel('starter', false),
];

function builtModel(id: string, whitened: boolean): BuiltModel {
  const file = manifest.models.find((model) => model.id === id)?.files[0];
  if (!file || !('built' in file)) throw new Error(`models/manifest.json does not pin ${id}`);
  const path = fileURLToPath(new URL(`../${id}/model.onnx`, import.meta.url));
  return { id, whitened, path, digest: { algorithm: 'sha256', hex: file.sha256 } };
}
