import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LookalikeError } from '../../contract/errors.ts';
import { imageFiles, type ModelEntry, readManifest, textFiles } from './manifest.ts';

/** A manifest entry and the folder that holds (or would hold) its files. */
export interface LocatedModel {
  entry: ModelEntry;
  folder: string;
}

/**
 * The models whose files are all there (those for words apart), in order of preference. The manifests of all the roots count for all the
 * roots, so that a model listed with the app can be installed in the data folder.
 */
export async function installedModels(roots: string[]): Promise<LocatedModel[]> {
  const entries = new Map<string, ModelEntry>();
  for (const root of roots) {
    for (const entry of await readManifest(root)) if (!entries.has(entry.id)) entries.set(entry.id, entry);
  }
  const found: LocatedModel[] = [];
  for (const entry of entries.values()) {
    for (const root of roots) {
      const folder = join(root, entry.id);
      if (await hasFiles(imageFiles(entry), folder)) {
        found.push({ entry, folder });
        break;
      }
    }
  }
  return found;
}

/** Whether a model has a text encoder and its files are there. */
export async function hasWords({ entry, folder }: LocatedModel): Promise<boolean> {
  return entry.text !== undefined && (await hasFiles(textFiles(entry), folder));
}

async function hasFiles(files: ModelEntry['files'], folder: string): Promise<boolean> {
  try {
    await Promise.all(files.map((file) => access(join(folder, file.path))));
    return true;
  } catch {
    return false;
  }
}

/**
 * Checks size and sha256 of files of a model, so that wrong bytes never reach ONNX Runtime.
 * @param files default: those without which the model cannot be used
 * @returns what tells these weights from all others (hex): the sha256 of a single file, or of the list of several
 * @throws LookalikeError MODEL_MISSING, MODEL_ALTERED naming the file
 */
export async function verifyModel(
  { entry, folder }: LocatedModel,
  files: ModelEntry['files'] = imageFiles(entry),
): Promise<string> {
  const digests: string[] = [];
  for (const file of files) {
    const path = join(folder, file.path);
    const info = await stat(path).catch((cause: unknown) => {
      throw new LookalikeError('MODEL_MISSING', {
        detail: `${entry.name} is not installed: ${file.path} is missing.`,
        item: path,
        cause,
      });
    });
    if (file.bytes !== undefined && info.size !== file.bytes) {
      throw altered(entry, path, `it has ${info.size} bytes and should have ${file.bytes}`);
    }
    const hash = createHash('sha256');
    await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
    const digest = hash.digest('hex');
    if (file.sha256 !== undefined && digest !== file.sha256) {
      throw altered(entry, path, 'its sha256 is not the one in the manifest');
    }
    digests.push(digest);
  }
  const [only = ''] = digests;
  return digests.length === 1 ? only : createHash('sha256').update(digests.join('\n')).digest('hex');
}

function altered(entry: ModelEntry, path: string, why: string): LookalikeError {
  return new LookalikeError('MODEL_ALTERED', {
    detail: `A file of ${entry.name} is damaged or was changed (${why}). Install the model again.`,
    item: path,
  });
}
