import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { ModelState, VerifiedBy } from '../../../contract/models.ts';
import { hasWords, type LocatedModel, locate } from '../../model/files.ts';
import type { ModelEntry } from '../../model/manifest.ts';
import { readNotes } from '../../model/notes.ts';
import { isDownloadable } from './from-network.ts';
import { stagingRoot } from './stage.ts';

/** The folders where models may be, and the model that is in use. */
export interface Surroundings {
  /** The folder of installed models. */
  models: string;
  roots: string[];
  inUse: readonly (string | null)[];
  /** Whether the model is on the app's list, rather than described by its own `model.json`. */
  listed: boolean;
}

/** The state of a model on this machine. */
export async function stateOf(entry: ModelEntry, around: Surroundings): Promise<ModelState> {
  const located = await locate(entry, around.roots);
  const sizes = await Promise.all(entry.files.map((file) => sizeHere(file.path, entry.id, located, around)));
  const totals = entry.files.map(({ bytes }, i) => bytes ?? (sizes[i]?.whole ? sizes[i].bytes : null));
  const inUse = around.inUse.includes(entry.id);
  const { id, name, summary, more, expect = null, licence, kind, tier } = entry;
  return {
    id,
    name,
    summary,
    more,
    expect,
    licence,
    kind,
    tier,
    words: await understandsWords(entry, located),
    bytes: sumOf(totals),
    aboutBytes: sumOf(totals.map((total, i) => total ?? entry.files[i]?.aboutBytes ?? null)),
    bytesHere: sizes.reduce((sum, size) => sum + (size?.bytes ?? 0), 0),
    installed: located !== null,
    verifiedBy: located && (await vouchedBy(entry, located, around.listed)),
    inUse,
    downloadable: around.listed && isDownloadable(entry),
    urls: entry.files.flatMap(({ url }) => url ?? []),
    // Without a subject model photos can still be searched; without an embedder they cannot.
    removable: !(inUse && kind === 'embedder') && (await isRemovable(around.models, id)),
  };
}

function sumOf(counts: (number | null)[]): number | null {
  return counts.reduce((sum, count) => (sum === null || count === null ? null : sum + count), 0);
}

/** Whether removing the model would delete anything. Models that come with the app are not deleted. */
export async function isRemovable(models: string, id: string): Promise<boolean> {
  return (await sizeOf(join(models, id))) !== null || (await sizeOf(join(stagingRoot(models), id))) !== null;
}

async function understandsWords(
  entry: ModelEntry,
  located: LocatedModel<ModelEntry> | null,
): Promise<boolean> {
  if (entry.kind !== 'embedder' || !entry.text) return false;
  return located === null || hasWords({ entry, folder: located.folder });
}

/** Bytes of an installed file, or else of its part that was brought so far. */
async function sizeHere(
  path: string,
  id: string,
  located: LocatedModel<ModelEntry> | null,
  { models }: Surroundings,
): Promise<{ bytes: number; whole: boolean } | null> {
  const staged = join(stagingRoot(models), id, path);
  for (const whole of located ? [join(located.folder, path), staged] : [staged]) {
    const bytes = await sizeOf(whole);
    if (bytes !== null) return { bytes, whole: true };
  }
  const bytes = await sizeOf(`${staged}.part`);
  return bytes === null ? null : { bytes, whole: false };
}

async function sizeOf(path: string): Promise<number | null> {
  return (await stat(path).catch(() => null))?.size ?? null;
}

/** The weakest source among the hashes of the model's files; null when one file has none. */
async function vouchedBy(
  entry: ModelEntry,
  { folder }: LocatedModel<ModelEntry>,
  listed: boolean,
): Promise<VerifiedBy | null> {
  const noted = await readNotes(folder);
  const words: (VerifiedBy | null)[] = [];
  for (const { path, sha256 } of entry.files) {
    if ((await sizeOf(join(folder, path))) === null) continue;
    words.push(listed && sha256 !== undefined ? 'manifest' : (noted[path]?.by ?? null));
  }
  const weakest = ([null, 'noted', 'hub'] as const).find((word) => words.includes(word));
  return weakest === undefined ? 'manifest' : weakest;
}
