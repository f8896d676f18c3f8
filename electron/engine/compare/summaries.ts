import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { type Comparison, comparison } from '../../contract/compare.ts';
import type { LookalikeError } from '../../contract/errors.ts';
import { writeWhole } from '../files/changes.ts';
import type { Document } from './document.ts';
import type { Source } from './entries.ts';
import { noCounts } from './state.ts';

const FILE = 'summary.json';
const MOST_NAMES = 10;

/** What a list shows of a document. Whether the catalog has moved on is said by whoever knows it. */
export type Summary = Omit<Comparison, 'moved'>;

const summaryFile = z.object({
  /** The length of the journal when it was written: another one has changed since. */
  bytes: z.number(),
  summary: comparison.omit({ moved: true }),
});

export function summaryOf({ id, state, faults }: Document): Summary {
  const { name, competitor, createdAt, changedAt, counts, about } = state;
  const from = state.sources.flatMap(namesOf).slice(0, MOST_NAMES);
  return { id, name, competitor, createdAt, changedAt, from, counts, about, faults: [...faults] };
}

/** The summary beside a document, so that a list need not open it; null where there is none that is true. */
export async function readSummary(folder: string, journal: string): Promise<Summary | null> {
  const noted = await readNoted(folder);
  const { size } = await stat(join(folder, journal)).catch(() => ({ size: -1 }));
  return noted && size === noted.bytes ? noted.summary : null;
}

/** The summary that was written last, whether or not it is still true; null where there is none. */
async function readNoted(folder: string): Promise<z.infer<typeof summaryFile> | null> {
  try {
    return summaryFile.parse(JSON.parse(await readFile(join(folder, FILE), 'utf8')));
  } catch {
    // It is only a copy of what the journal says.
    return null;
  }
}

/** Writes it where it can; the next list opens the document otherwise. */
export async function writeSummary(folder: string, document: Document): Promise<void> {
  const summary = { ...summaryOf(document), faults: [] };
  if (document.faults.length > 0) return;
  try {
    await writeWhole(join(folder, FILE), JSON.stringify({ bytes: document.bytes, summary }));
  } catch (error) {
    // That the folder is gone is said by the document itself.
    if (await stat(folder).catch(() => null)) console.error(error);
  }
}

/** The names of a source for people. A path may be of either system. */
export function namesOf(source: Source): string[] {
  if (source.kind === 'pasted') return source.pictures.map(({ name }) => name);
  const parts = source.path.split(/[\\/]/).filter((part) => part !== '');
  return [parts.at(-1) ?? source.path];
}

/** What a list shows of a document that cannot be opened: what was noted of it last, by which people know it. */
export async function damagedSummary(
  folder: string,
  id: string,
  { fault }: LookalikeError,
): Promise<Summary> {
  const noted = await readNoted(folder);
  if (noted) return { ...noted.summary, id, faults: [fault] };
  const day = await stat(folder).then(({ birthtime, mtime }) =>
    birthtime.getTime() > 0 ? birthtime : mtime,
  );
  const times = { createdAt: day.toISOString(), changedAt: day.toISOString() };
  return {
    id,
    name: id,
    competitor: null,
    ...times,
    from: [],
    counts: noCounts(),
    about: null,
    faults: [fault],
  };
}
