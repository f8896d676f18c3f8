import { stat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { LookalikeError } from '../../contract/errors.ts';
import type { Fault } from '../../contract/faults.ts';
import { type JournalContent, readJournal } from '../files/journal.ts';
import { isOfTheDisk, storageError } from '../files/storage-error.ts';
import { type Entry, entry, VERSION } from './entries.ts';
import type { State } from './state.ts';

/** The name of a document's journal. */
export const JOURNAL = 'journal.jsonl';

/** The error for a document that is not there. */
export const gone = (id: string): LookalikeError =>
  new LookalikeError({ code: 'COMPARISON_UNKNOWN', params: {} }, { item: id });

/**
 * Reads the journal of a document's folder.
 * @throws LookalikeError COMPARISON_UNKNOWN, COMPARISON_DAMAGED, STORAGE_*
 */
export async function readEntries(folder: string): Promise<JournalContent> {
  try {
    const content = await readJournal(join(folder, JOURNAL));
    if (content.bytes === 0 && !(await stat(folder).catch(() => null))) throw gone(basename(folder));
    return content;
  } catch (cause) {
    if (cause instanceof LookalikeError || isOfTheDisk(cause)) throw storageError(cause, folder);
    throw damaged(folder, cause);
  }
}

/** Why a journal makes no document. */
export function unusable(first: unknown, folder: string): LookalikeError {
  const version = typeof first === 'object' && first !== null ? Reflect.get(first, 'version') : null;
  if (typeof version !== 'number' || version <= VERSION) return damaged(folder);
  return new LookalikeError({ code: 'COMPARISON_TOO_NEW', params: { version, known: VERSION } });
}

function damaged(folder: string, cause?: unknown): LookalikeError {
  const params = { file: JOURNAL };
  return new LookalikeError({ code: 'COMPARISON_DAMAGED', params }, { item: basename(folder), cause });
}

/**
 * Makes the state of a journal, without what is damaged. Where the first entry is lost, its name is the document's id, and
 * what was not read of its sources cannot be read any more.
 */
export function makeState(state: State, { entries, damaged, torn }: JournalContent, id: string): Fault[] {
  let lines = damaged;
  for (const [i, each] of entries.entries()) {
    const { data } = entry.safeParse(each);
    const isFirst = data?.kind === 'begin';
    if (isFirst && data.version > VERSION) return [];
    if (i === 0 && !isFirst && damaged > 0) state.apply(beginAgain(id));
    if (data && (isFirst ? i === 0 : state.createdAt !== '')) state.apply(data);
    else lines++;
  }
  const faults: Fault[] = [];
  if (lines > 0) {
    faults.push({ code: 'COMPARISON_LINES_LOST', params: { reason: 'damaged', lines, kept: null } });
  } else if (torn > 0) faults.push({ code: 'COMPARISON_LINES_LOST', params: { reason: 'cut' } });
  return faults;
}

function beginAgain(id: string): Entry {
  const createdAt = new Date(0).toISOString();
  return { kind: 'begin', version: VERSION, name: id, competitor: null, createdAt, sources: [] };
}

/** A fault of damaged lines, once a copy of the damaged journal is kept. */
export function withCopy(fault: Fault, kept: string): Fault {
  if (fault.code !== 'COMPARISON_LINES_LOST' || fault.params.reason !== 'damaged') return fault;
  return { code: fault.code, params: { ...fault.params, kept } };
}
