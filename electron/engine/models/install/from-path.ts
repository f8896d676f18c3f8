import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { LookalikeError } from '../../../contract/errors.ts';
import type { FaultParams } from '../../../contract/faults.ts';
import { sha256Of } from '../../model/files.ts';
import { imageFiles, type ModelEntry, type ModelFile, readOwnEntry } from '../../model/manifest.ts';
import type { Meter } from '../../work/byte-meter.ts';
import { ensureSpace } from './space.ts';
import type { Stage } from './stage.ts';

/** The most files that are examined. A model's folder has a few, a USB stick perhaps thousands. */
const MOST_CANDIDATES = 5000;
const DEEPEST = 4;

/** A model that was recognised at a path. */
export interface FoundModel {
  entry: ModelEntry;
  /** Whether the model comes with its own `model.json` and is not on the app's list. */
  own: boolean;
  sources: { file: ModelFile; path: string; bytes: number }[];
}

interface Candidate {
  path: string;
  bytes: number;
}

/**
 * Identifies the model at a path: either a folder with its own `model.json`, or the files of a listed model. Listed files
 * are identified by their sha256, and by name only where no hash is listed.
 * @throws LookalikeError MODEL_UNRECOGNISED, MODEL_ALTERED, MANIFEST_INVALID
 */
export async function recognise(path: string, listed: readonly ModelEntry[]): Promise<FoundModel> {
  const info = await stat(path).catch((cause: unknown) => {
    throw unrecognised({ reason: 'not-there', path }, path, cause);
  });
  const describes = basename(path) === 'model.json';
  if (info.isDirectory() || describes) {
    const folder = describes ? dirname(path) : path;
    const own = await readOwnEntry(folder);
    if (own) return ownModel(own, folder, listed);
  }
  const candidates = info.isDirectory() ? await filesIn(path) : [{ path, bytes: info.size }];
  return listedModel(candidates, listed, path);
}

async function ownModel(
  entry: ModelEntry,
  folder: string,
  listed: readonly ModelEntry[],
): Promise<FoundModel> {
  if (listed.some(({ id }) => id === entry.id)) {
    throw unrecognised({ reason: 'taken-id', id: entry.id }, folder);
  }
  const sources = entry.files.map(async (file) => {
    const path = join(folder, file.path);
    const info = await stat(path).catch((cause: unknown) => {
      throw unrecognised({ reason: 'file-missing', file: file.path }, folder, cause);
    });
    return { file, path, bytes: info.size };
  });
  return { entry, own: true, sources: await Promise.all(sources) };
}

async function listedModel(
  candidates: readonly Candidate[],
  listed: readonly ModelEntry[],
  path: string,
): Promise<FoundModel> {
  const digests = new Map<string, Promise<string>>();
  const digestOf = (candidate: Candidate) => {
    const known = digests.get(candidate.path) ?? sha256Of(candidate.path);
    digests.set(candidate.path, known);
    return known;
  };
  let byName: FoundModel | null = null;
  for (const entry of listed) {
    const sources: FoundModel['sources'] = [];
    // Several models name their text encoder alike: one without a hash is looked for beside the files that have one.
    const surest = entry.files.toSorted(
      (a, b) => Number(b.sha256 !== undefined) - Number(a.sha256 !== undefined),
    );
    for (const file of surest) {
      const source = await sourceOf(file, nearestTo(sources, candidates), digestOf);
      if (source) sources.push({ file, ...source });
    }
    const needed = imageFiles(entry);
    if (!needed.every((file) => sources.some((source) => source.file === file))) continue;
    const found = { entry, own: false, sources };
    if (needed.every(({ sha256 }) => sha256 !== undefined)) return found;
    byName ??= found;
  }
  if (byName) return byName;
  const [altered] = candidates.filter(({ path: name }) => listed.some((entry) => hasNameOf(entry, name)));
  if (!altered) throw unrecognised({ reason: 'nothing-known' }, path);
  throw otherVersion(basename(altered.path), altered.path);
}

/** The candidates, those first that share most of their path with a file that was found. */
function nearestTo(found: FoundModel['sources'], candidates: readonly Candidate[]): Candidate[] {
  const shared = ({ path }: Candidate) =>
    Math.max(0, ...found.map((source) => sharedFolders(source.path, path)));
  return candidates.toSorted((a, b) => shared(b) - shared(a));
}

function sharedFolders(one: string, other: string): number {
  const [folders, others] = [one, other].map((path) => dirname(path).split(sep));
  const apart = folders?.findIndex((name, i) => name !== others?.[i]) ?? 0;
  return apart < 0 ? (folders?.length ?? 0) : apart;
}

const hasNameOf = ({ files }: ModelEntry, path: string) =>
  files.some((file) => file.sha256 !== undefined && file.path === basename(path));

async function sourceOf(
  file: ModelFile,
  candidates: readonly Candidate[],
  digestOf: (candidate: Candidate) => Promise<string>,
): Promise<Candidate | null> {
  for (const candidate of candidates) {
    const named = basename(candidate.path) === file.path;
    if (file.bytes === undefined ? !named : candidate.bytes !== file.bytes) continue;
    if (file.sha256 === undefined ? named : (await digestOf(candidate)) === file.sha256) return candidate;
  }
  return null;
}

async function filesIn(folder: string, depth = 1): Promise<Candidate[]> {
  const found: Candidate[] = [];
  for (const name of await readdir(folder).catch(() => [])) {
    const path = join(folder, name);
    if (found.length >= MOST_CANDIDATES) break;
    // Windows calls files of some servers and of OneDrive links, which are followed as links are; those to nowhere are left.
    const info = await stat(path).catch(() => null);
    if (info?.isDirectory() && depth < DEEPEST && !name.startsWith('.'))
      found.push(...(await filesIn(path, depth + 1)));
    else if (info?.isFile()) found.push({ path, bytes: info.size });
  }
  return found;
}

/**
 * Copies a model's files to the stage and verifies the copies, so that a worn or unplugged USB stick is noticed.
 * @throws LookalikeError MODEL_ALTERED, MODEL_SPACE, MODEL_UNRECOGNISED, CANCELLED
 */
export async function copyModel(
  { own, sources }: FoundModel,
  stage: Stage,
  meter: Meter,
  signal: AbortSignal,
): Promise<void> {
  meter.start(
    'copying',
    sources.map(({ file, bytes }) => [file.path, bytes]),
  );
  const total = sources.reduce((sum, { bytes }) => sum + bytes, 0);
  await ensureSpace(stage.folder, total);
  for (const { file, path, bytes } of sources) {
    const hash = createHash('sha256');
    let copiedBytes = 0;
    const counted = async function* (chunks: AsyncIterable<Buffer>) {
      for await (const chunk of chunks) {
        hash.update(chunk);
        copiedBytes += chunk.length;
        meter.tell(file.path, copiedBytes, bytes);
        yield chunk;
      }
    };
    const reading = createReadStream(path, { highWaterMark: 1 << 20 });
    await pipeline(reading, counted, createWriteStream(stage.partOf(file)), { signal });
    const sha256 = hash.digest('hex');
    if (copiedBytes !== (file.bytes ?? bytes) || sha256 !== (file.sha256 ?? sha256)) {
      throw otherVersion(file.path, path);
    }
    await stage.accept(file, { sha256, by: file.sha256 && !own ? 'manifest' : 'noted' });
  }
}

function unrecognised(
  params: FaultParams['MODEL_UNRECOGNISED'],
  item: string,
  cause?: unknown,
): LookalikeError {
  return new LookalikeError({ code: 'MODEL_UNRECOGNISED', params }, { item, cause });
}

function otherVersion(file: string, item: string): LookalikeError {
  return new LookalikeError({ code: 'MODEL_ALTERED', params: { reason: 'other-version', file } }, { item });
}
