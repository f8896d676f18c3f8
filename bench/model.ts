import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createReadStream, existsSync } from 'node:fs';
import { mkdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { promisify } from 'node:util';
import { installedModels, type LocatedModel } from '../electron/engine/model/files.ts';
import type { EmbedderEntry } from '../electron/engine/model/manifest.ts';

const REPOSITORY = resolve(import.meta.dirname, '..');
const ID = 'vit-b32-shape';
const FILES = ['vision_model.onnx', 'vit-b32.weights'];
const GENERATOR = 'make-weights.mjs';

/** A model, and the root where the engine finds it. */
export interface BenchModel extends LocatedModel {
  root: string;
}

/** The id of the starter model. */
export const STARTER = 'starter-2';

/** The model that comes with the repository. */
export function starterModel(): Promise<BenchModel> {
  return installed(join(REPOSITORY, 'models'), STARTER);
}

/**
 * The graph of FashionCLIP's image encoder with random weights: its real size and speed, without meaning. The weights are
 * generated once and kept in the user's cache. Null, with a line on stderr, when `source` does not have the graph.
 */
export async function fullSizeModel(source: string): Promise<BenchModel | null> {
  const missing = ['vision_model.onnx', GENERATOR].filter((name) => !existsSync(join(source, name)));
  if (missing.length > 0) {
    console.error(
      `No ${missing.join(' and no ')} in ${source} (see --model-dir): the starter model instead.`,
    );
    return null;
  }
  const root = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lookalike', 'bench');
  if (!existsSync(join(root, 'manifest.json'))) await generate(source, root);
  return installed(root, ID);
}

async function generate(source: string, root: string): Promise<void> {
  console.error('Generating the weights of the full-size model, once.');
  const folder = join(root, ID);
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await promisify(execFile)(process.execPath, [join(source, GENERATOR), folder]);
  const files = await Promise.all(
    FILES.map(async (path) => ({
      path,
      bytes: (await stat(join(folder, path))).size,
      sha256: await sha256(join(folder, path)),
    })),
  );
  const manifest = { formatVersion: 1, models: [{ ...FULL_SIZE, files }] };
  // Renamed at the end: when the manifest exists, all other files do too.
  await writeFile(join(root, 'manifest.part'), JSON.stringify(manifest, null, 2));
  await rename(join(root, 'manifest.part'), join(root, 'manifest.json'));
}

const FULL_SIZE: Omit<EmbedderEntry, 'files'> = {
  id: ID,
  kind: 'embedder',
  name: 'ViT-B/32, random weights',
  summary: 'The full-size graph, to measure with.',
  more: false,
  licence: 'none',
  tier: 'full',
  dim: 512,
  image: {
    file: 'vision_model.onnx',
    input: 'pixel_values',
    output: 'image_embeds',
    size: 224,
    resize: 'cover',
    kernel: 'cubic',
    mean: [0.48145466, 0.4578275, 0.40821073],
    std: [0.26862954, 0.26130258, 0.27577711],
  },
};

async function sha256(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}

async function installed(root: string, id: string): Promise<BenchModel> {
  const found = (await installedModels([root])).find(({ entry }) => entry.id === id);
  if (!found) throw new Error(`The model "${id}" is not in ${root}. Run "npm install" first.`);
  return { ...found, root };
}
