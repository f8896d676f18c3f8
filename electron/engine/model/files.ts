import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LookalikeError } from '../../contract/errors.ts';
import {
  type EmbedderEntry,
  imageFiles,
  type ModelEntry,
  type ModelFile,
  readManifest,
  readOwnEntry,
  type SubjectEntry,
  textFiles,
} from './manifest.ts';
import { readNotes } from './notes.ts';

/** A manifest entry and the folder that holds (or would hold) its files. */
export interface LocatedModel<Entry extends ModelEntry = EmbedderEntry> {
  entry: Entry;
  folder: string;
}

/**
 * The embedders whose files are all there (those for words apart), in order of preference. The manifests of all the
 * roots count for all the roots, so that a model listed with the app can be installed in the data folder.
 * @throws LookalikeError MANIFEST_INVALID
 */
export async function installedModels(roots: string[]): Promise<LocatedModel[]> {
  const found = await located(roots);
  return found.flatMap(({ entry, folder }) => (entry.kind === 'embedder' ? [{ entry, folder }] : []));
}

/** The same for models that find the subject of a picture. */
export async function installedSubjectModels(roots: string[]): Promise<LocatedModel<SubjectEntry>[]> {
  const found = await located(roots);
  return found.flatMap(({ entry, folder }) => (entry.kind === 'subject' ? [{ entry, folder }] : []));
}

async function located(roots: string[]): Promise<LocatedModel<ModelEntry>[]> {
  const found = (await knownModels(roots)).map((entry) => locate(entry, roots));
  return (await Promise.all(found)).filter((model) => model !== null);
}

/**
 * The manifests of the roots that cannot be read, where another one can: they must not take the others' models along.
 */
export async function damagedManifests(roots: string[]): Promise<string[]> {
  const read = await Promise.allSettled(roots.map(readManifest));
  if (read.every(({ status }) => status === 'rejected')) return [];
  return roots.filter((_, i) => read[i]?.status === 'rejected').map((root) => join(root, 'manifest.json'));
}

/**
 * Every model that the roots list, best first, and then those that describe themselves in `<root>/<id>/model.json`. An
 * id means what the first to list it says, so no such model can pass for one of the app's.
 * @throws LookalikeError MANIFEST_INVALID
 */
export async function knownModels(roots: string[]): Promise<ModelEntry[]> {
  const entries = new Map<string, ModelEntry>();
  const read = await Promise.allSettled(roots.map(readManifest));
  // See `damagedManifests`: the app's own list is as good without that of the data folder.
  const failed = read.find((each) => each.status === 'rejected');
  if (failed && read.every(({ status }) => status === 'rejected')) throw failed.reason;
  const listed = read.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
  const own = (await Promise.all(roots.map(ownModels))).flat();
  for (const entry of [...listed, ...own]) if (!entries.has(entry.id)) entries.set(entry.id, entry);
  return [...entries.values()];
}

async function ownModels(root: string): Promise<ModelEntry[]> {
  const folders = await readdir(root, { withFileTypes: true }).catch(() => []);
  const entries = folders.map(async (folder) => {
    if (!folder.isDirectory() || folder.name.startsWith('.')) return null;
    // One that cannot be read is as good as not installed; the others must go on working.
    const entry = await readOwnEntry(join(root, folder.name)).catch((error: unknown) => {
      console.error(error);
      return null;
    });
    return entry?.id === folder.name ? entry : null;
  });
  return (await Promise.all(entries)).filter((entry) => entry !== null);
}

/** Where a model is installed, its hashes those that were noted then where the entry has none. Null when it is not. */
export async function locate<Entry extends ModelEntry>(
  entry: Entry,
  roots: string[],
): Promise<LocatedModel<Entry> | null> {
  for (const root of roots) {
    const folder = join(root, entry.id);
    if (!(await hasFiles(imageFiles(entry), folder))) continue;
    const noted = await readNotes(folder);
    const files = entry.files.map((file) => {
      const hash = file.sha256 ?? noted[file.path]?.sha256;
      return hash === undefined ? file : { ...file, sha256: hash };
    });
    return { entry: { ...entry, files }, folder };
  }
  return null;
}

/** Whether a model has a text encoder and its files are there. */
export async function hasWords({ entry, folder }: LocatedModel): Promise<boolean> {
  return entry.text !== undefined && (await hasFiles(textFiles(entry), folder));
}

async function hasFiles(files: readonly ModelFile[], folder: string): Promise<boolean> {
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
  { entry, folder }: LocatedModel<ModelEntry>,
  files: readonly ModelFile[] = imageFiles(entry),
): Promise<string> {
  const digests: string[] = [];
  for (const file of files) {
    const path = join(folder, file.path);
    const info = await stat(path).catch((cause: unknown) => {
      throw new LookalikeError('MODEL_MISSING', {
        detail: `${entry.name} is not whole: ${file.path} is missing.`,
        item: path,
        cause,
      });
    });
    if (file.bytes !== undefined && info.size !== file.bytes) {
      throw altered(entry, path, `it has ${info.size} bytes and should have ${file.bytes}`);
    }
    const digest = await sha256Of(path);
    if (file.sha256 !== undefined && digest !== file.sha256) {
      throw altered(entry, path, 'its sha256 is not the one it should have');
    }
    digests.push(digest);
  }
  const [only = ''] = digests;
  return digests.length === 1 ? only : createHash('sha256').update(digests.join('\n')).digest('hex');
}

/** The sha256 of a file, in hex. */
export async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path, { highWaterMark: 1 << 20 }), hash);
  return hash.digest('hex');
}

function altered(entry: ModelEntry, path: string, why: string): LookalikeError {
  return new LookalikeError('MODEL_ALTERED', {
    detail: `A file of ${entry.name} is damaged or was changed (${why}). Install the model again.`,
    item: path,
  });
}
