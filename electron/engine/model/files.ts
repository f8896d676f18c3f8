import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { access, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LookalikeError } from '../../contract/errors.ts';
import type { Fault, FaultParams } from '../../contract/faults.ts';
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
import { areNotesDamaged, NOTES, readNotes } from './notes.ts';

/** A manifest entry and the folder that holds (or would hold) its files. */
export interface LocatedModel<Entry extends ModelEntry = EmbedderEntry> {
  entry: Entry;
  folder: string;
}

/**
 * The embedders whose files are all present (those of the text encoder may be missing), in order of preference. The manifest
 * of one root applies to all roots, so that a model listed with the app can be installed in the data folder.
 * @throws LookalikeError MANIFEST_INVALID
 */
export async function installedModels(roots: string[]): Promise<LocatedModel[]> {
  const found = await located(roots);
  return found.flatMap(({ entry, folder }) => (entry.kind === 'embedder' ? [{ entry, folder }] : []));
}

/** Like `installedModels`, for models that find the subject of a picture. */
export async function installedSubjectModels(roots: string[]): Promise<LocatedModel<SubjectEntry>[]> {
  const found = await located(roots);
  return found.flatMap(({ entry, folder }) => (entry.kind === 'subject' ? [{ entry, folder }] : []));
}

async function located(roots: string[]): Promise<LocatedModel<ModelEntry>[]> {
  const found = (await knownModels(roots)).map((entry) => locate(entry, roots));
  return (await Promise.all(found)).filter((model) => model !== null);
}

/**
 * Reports the damaged small files that describe models: manifests (as long as another one can be read), a model's own
 * `model.json`, and its notes. One damaged file must not make the other models unusable.
 */
export async function damagedDescriptions(roots: string[]): Promise<Fault[]> {
  const read = await Promise.allSettled(roots.map(readManifest));
  const isNoneRead = read.every(({ status }) => status === 'rejected');
  const manifests = roots.filter((_, i) => !isNoneRead && read[i]?.status === 'rejected');
  const own = await Promise.all(roots.map(damagedOwn));
  return [...manifests.map((root) => damaged(join(root, 'manifest.json'), 'models')), ...own.flat()];
}

async function damagedOwn(root: string): Promise<Fault[]> {
  const faults: Fault[] = [];
  for (const id of await modelFolders(root)) {
    const folder = join(root, id);
    if (await isOwnEntryDamaged(folder, id)) faults.push(damaged(join(folder, 'model.json'), 'model'));
    if (await areNotesDamaged(folder)) faults.push(damaged(join(folder, NOTES), 'model notes'));
  }
  return faults;
}

const damaged = (file: string, of: FaultParams['FILE_DAMAGED']['of']): Fault => {
  return { code: 'FILE_DAMAGED', params: { file, of, kept: null } };
};

/** An entry with another id than its folder's name does not describe that folder's model. */
const isOwnEntryDamaged = (folder: string, id: string): Promise<boolean> =>
  readOwnEntry(folder).then(
    (entry) => entry !== null && entry.id !== id,
    () => true,
  );

/**
 * Every model that the roots list, best first, and then the models with their own `<root>/<id>/model.json`. The first entry
 * with an id counts, so that no such model can replace one of the app's.
 * @throws LookalikeError MANIFEST_INVALID
 */
export async function knownModels(roots: string[]): Promise<ModelEntry[]> {
  const entries = new Map<string, ModelEntry>();
  const listed = await listedModels(roots);
  const own = (await Promise.all(roots.map(ownModels))).flat();
  for (const entry of [...listed, ...own]) if (!entries.has(entry.id)) entries.set(entry.id, entry);
  return [...entries.values()];
}

/**
 * The models in the manifests of the roots. A manifest that cannot be read is skipped, and `damagedDescriptions` reports it:
 * the app's own list works without that of the data folder.
 * @throws LookalikeError MANIFEST_INVALID when no manifest can be read
 */
export async function listedModels(roots: string[]): Promise<ModelEntry[]> {
  const read = await Promise.allSettled(roots.map(readManifest));
  const failed = read.find((each) => each.status === 'rejected');
  if (failed && read.every(({ status }) => status === 'rejected')) throw failed.reason;
  return read.flatMap((each) => (each.status === 'fulfilled' ? each.value : []));
}

async function ownModels(root: string): Promise<ModelEntry[]> {
  const entries = (await modelFolders(root)).map(async (id) => {
    // A model whose entry cannot be read counts as not installed; `damagedDescriptions` reports it.
    const entry = await readOwnEntry(join(root, id)).catch(() => null);
    return entry?.id === id ? entry : null;
  });
  return (await Promise.all(entries)).filter((entry) => entry !== null);
}

async function modelFolders(root: string): Promise<string[]> {
  const folders = await readdir(root, { withFileTypes: true }).catch(() => []);
  return folders.flatMap((folder) =>
    folder.isDirectory() && !folder.name.startsWith('.') ? [folder.name] : [],
  );
}

/**
 * Finds the folder of an installed model; null when it is not installed. Files without a hash in the entry get the hash that
 * was noted at installation.
 */
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

/** Whether a model has a text encoder and its files are present. */
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
 * Checks size and sha256 of a model's files, so that wrong bytes never reach ONNX Runtime.
 * @param files default: the files without which the model cannot be used
 * @returns an identifier of these weights (hex): the sha256 of a single file, or of the list of several
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
      const params = { reason: 'file', name: entry.name, file: file.path } as const;
      throw new LookalikeError({ code: 'MODEL_MISSING', params }, { item: path, cause });
    });
    if (file.bytes !== undefined && info.size !== file.bytes) {
      throw altered({ reason: 'size', name: entry.name, bytes: info.size, listed: file.bytes }, path);
    }
    const digest = await sha256Of(path);
    if (file.sha256 !== undefined && digest !== file.sha256) {
      throw altered({ reason: 'hash', name: entry.name }, path);
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

function altered(params: FaultParams['MODEL_ALTERED'], path: string): LookalikeError {
  return new LookalikeError({ code: 'MODEL_ALTERED', params }, { item: path });
}
