import { createHash } from 'node:crypto';
import { basename } from 'node:path';
import { LRUCache } from 'lru-cache';
import type { Fault } from '../../contract/faults.ts';
import type { SearchRequest, SearchResponse } from '../../contract/search.ts';
import type { Use, Waits } from '../../contract/use.ts';
import { dataFolder } from '../files/data-folder.ts';
import {
  appendToJournal,
  Journal,
  type JournalContent,
  readJournal,
  removeDamagedCopies,
  writeJournal,
} from '../files/journal.ts';
import { storageError } from '../files/storage-error.ts';
import type { Asker } from '../work/priority-gate.ts';
import {
  addCounts,
  type Counts,
  lengthOf,
  noCounts,
  quantileOf,
  type UseEntry,
  useEntry,
} from './use-entries.ts';

/** Days that are kept: a year, and the same weeks of the year before. */
const MOST_DAYS = 430;
/** What is counted is written together: a kill costs the counts of so many milliseconds. */
const WRITTEN_AFTER_MS = 3000;
/** The journal is written anew, a line a day, when it has so many lines more than days. */
const MOST_LINES = 1000;
/** Photos whose later questions are known to be of the same photo. */
const KNOWN_PHOTOS = 200;
const MOST_FOUND_NOTHING = 40;
const LONGEST_WORDS = 80;

type Counted = Pick<Use, 'on' | 'days' | 'waits' | 'foundNothing'>;

/** What was typed last: it counts when something else is asked, since it may only be the beginning of it. */
interface Typed {
  day: string;
  text: string;
  nothing: string[];
}

/**
 * Counts how this machine is used, by day: how often was asked, how long people waited, what found nothing. Photos are not kept.
 * Words are, only those that found nothing. Other processes may count in the same journal: each adds lines of its own.
 */
export class UseCounts {
  readonly #path: string;
  readonly #days = new Map<string, Counts>();
  #on = true;
  #lines = 0;
  #fault: Fault | null = null;
  /** What is not written yet, by day. */
  #unwritten = new Map<string, Counts>();
  readonly #photos = new LRUCache<string, { day: string; unmatched: boolean }>({ max: KNOWN_PHOTOS });
  #typed: Typed | null = null;
  #timer: NodeJS.Timeout | null = null;
  /** Changes happen one after another. */
  #turn: Promise<unknown> = Promise.resolve();

  private constructor(path: string) {
    this.#path = path;
  }

  /** Damaged lines are left out, which `fault` says. */
  static async open(dataDir: string): Promise<UseCounts> {
    const counts = new UseCounts(dataFolder.use(dataDir));
    try {
      counts.#load(await readJournal(counts.#path));
    } catch (error) {
      console.error(`${counts.#path} could not be read.`, error);
      counts.#on = false;
      counts.#noteDamage(null);
    }
    return counts;
  }

  /** That something of it was lost; null when all is well. */
  get fault(): Fault | null {
    return this.#fault;
  }

  /** Counts an answered question. It never fails: an answer must not depend on it. */
  note(asked: SearchRequest, answer: SearchResponse, asker: Asker): void {
    if (!this.#on) return;
    const day = dayOf(new Date());
    const { query } = asked;
    if (asker === 'person' && query.kind !== 'words') this.#countTyped();
    if (asker === 'program') this.#add(day, { programs: 1 });
    else if (query.kind === 'photo') this.#notePhoto(day, query.photo, answer);
    if (asker === 'person' && query.kind !== 'product' && query.words !== undefined)
      this.#noteWords(day, query.kind, query.words, answer);
    this.#timer ??= setTimeout(() => void this.#write().catch(console.error), WRITTEN_AFTER_MS).unref();
  }

  /** What was counted, by all processes. @throws LookalikeError STORAGE_* */
  async counted(): Promise<Counted> {
    this.#countTyped();
    await this.#write();
    const all = noCounts();
    const days = [...this.#days].sort(([one], [other]) => one.localeCompare(other));
    for (const [, counts] of days) addCounts(all, counts);
    const foundNothing = Object.entries(all.nothing)
      .map(([words, times]) => ({ words, times }))
      .sort((a, b) => b.times - a.times || a.words.localeCompare(b.words))
      .slice(0, MOST_FOUND_NOTHING);
    return {
      on: this.#on,
      days: days.map(([day, { photos, unmatched, words, programs, waits }]) => ({
        ...{ day, photos, unmatched, words, programs },
        waits: waitsOf(waits),
      })),
      waits: waitsOf(all.waits),
      foundNothing,
    };
  }

  /** @throws LookalikeError STORAGE_* */
  async switch(on: boolean): Promise<void> {
    this.#countTyped();
    await this.#write([{ kind: 'switch', on }]);
  }

  /** Forgets all that was counted, damaged files that were kept included. @throws LookalikeError STORAGE_* */
  forget(): Promise<void> {
    return this.#inTurn(async () => {
      await this.#replace([{ kind: 'switch', on: this.#on }]);
      await removeDamagedCopies(this.#path);
      this.#unwritten.clear();
      this.#photos.clear();
      this.#typed = null;
      this.#fault = null;
    });
  }

  /** Resolves when everything is written. */
  async close(): Promise<void> {
    this.#countTyped();
    await this.#write().catch(console.error);
  }

  #notePhoto(day: string, photo: { bytes: Uint8Array } | { path: string }, answer: SearchResponse): void {
    const hash = createHash('sha256')
      .update('bytes' in photo ? photo.bytes : photo.path)
      .digest('hex');
    const unmatched = (answer.results[0]?.band ?? 'other') === 'other';
    const before = this.#photos.get(hash);
    if (before?.day === day) {
      // The answer that counts is the last one: with the subject, or another crop.
      if (unmatched !== before.unmatched) this.#add(day, { unmatched: unmatched ? 1 : -1 });
    } else {
      const waits = { [lengthOf(answer.timings.total)]: 1 };
      this.#add(day, { photos: 1, unmatched: Number(unmatched), waits });
    }
    this.#photos.set(hash, { day, unmatched });
  }

  #noteWords(day: string, kind: 'photo' | 'words', words: string, answer: SearchResponse): void {
    const text = words.trim().toLowerCase().slice(0, LONGEST_WORDS);
    const before = this.#typed?.text;
    const goesOn = before !== undefined && (text.startsWith(before) || before.startsWith(text));
    if (!goesOn) this.#countTyped();
    const nothing = answer.understood.parts
      .filter(({ found, span }) => found === 0 && span.of === 'words')
      .map((part) => part.text.toLowerCase().slice(0, LONGEST_WORDS));
    this.#typed = { day, text, nothing };
    // A photo with words is a photo.
    if (kind === 'words' && !goesOn) this.#add(day, { words: 1 });
  }

  #countTyped(): void {
    const typed = this.#typed;
    this.#typed = null;
    if (!typed) return;
    const nothing = Object.fromEntries(typed.nothing.map((words) => [words, 1]));
    if (typed.nothing.length > 0) this.#add(typed.day, { nothing });
  }

  #add(day: string, more: Partial<Counts>): void {
    const counts = { ...noCounts(), ...more };
    const unwritten = this.#unwritten.get(day) ?? noCounts();
    addCounts(unwritten, counts);
    this.#unwritten.set(day, unwritten);
  }

  #inTurn<T>(change: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(change);
    this.#turn = next.catch(() => {});
    return next;
  }

  /** Writes what is not written yet. */
  #write(also: UseEntry[] = []): Promise<void> {
    if (this.#timer) clearTimeout(this.#timer);
    this.#timer = null;
    return this.#inTurn(async () => {
      // What is counted from here on is written next.
      const unwritten = this.#unwritten;
      this.#unwritten = new Map();
      const entries = [...daysOf(unwritten), ...also];
      try {
        await this.#append(entries);
      } catch (error) {
        for (const [day, counts] of unwritten) this.#add(day, counts);
        throw error;
      }
      if (this.#lines > this.#days.size + MOST_LINES) await this.#replace(this.#entries());
    });
  }

  /** Adds lines to the journal, and reads what other processes have added. A file is not made for nothing. */
  async #append(entries: UseEntry[]): Promise<void> {
    if (entries.length === 0) {
      this.#load(await readJournal(this.#path));
      return;
    }
    // Damaged lines and one that was cut off are cut out first.
    const { journal, content, kept } = await Journal.open(this.#path);
    await journal.close();
    if (content) this.#load(content);
    if (kept !== null) {
      this.#noteDamage(kept);
      // What the damaged lines said of it is not known any more.
      entries.unshift({ kind: 'switch', on: false });
    }
    try {
      await appendToJournal(this.#path, entries);
    } catch (cause) {
      throw storageError(cause, this.#path);
    }
    for (const each of entries) this.#apply(each);
    this.#lines += entries.length;
  }

  #entries(): UseEntry[] {
    const newest = [...this.#days].sort(([one], [other]) => one.localeCompare(other)).slice(-MOST_DAYS);
    return [...daysOf(new Map(newest)), { kind: 'switch', on: this.#on }];
  }

  async #replace(entries: UseEntry[]): Promise<void> {
    try {
      await writeJournal(this.#path, entries);
      this.#load(await readJournal(this.#path));
    } catch (cause) {
      throw storageError(cause, this.#path);
    }
  }

  #load({ entries, damaged }: JournalContent): void {
    this.#lines = entries.length;
    this.#days.clear();
    this.#on = true;
    for (const each of entries) {
      const parsed = useEntry.safeParse(each);
      if (parsed.success) this.#apply(parsed.data);
      else this.#noteDamage(null);
    }
    if (damaged > 0) {
      // A line that switched counting off may be among them.
      this.#on = false;
      this.#noteDamage(null);
    }
  }

  #apply(entry: UseEntry): void {
    if (entry.kind === 'switch') {
      this.#on = entry.on;
      return;
    }
    const { kind: _, day, ...counts } = entry;
    const before = this.#days.get(day) ?? noCounts();
    addCounts(before, counts);
    this.#days.set(day, before);
  }

  #noteDamage(kept: string | null): void {
    this.#fault = { code: 'FILE_DAMAGED', params: { file: basename(this.#path), of: 'use', kept } };
  }
}

const daysOf = (days: ReadonlyMap<string, Counts>): UseEntry[] =>
  [...days].map(([day, counts]) => ({ kind: 'day', day, ...counts }));

/** By this computer's clock, "2026-12-01". */
function dayOf(date: Date): string {
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
}

function waitsOf(lengths: Record<string, number>): Waits | null {
  const [p50, p95] = [quantileOf(lengths, 0.5), quantileOf(lengths, 0.95)];
  return p50 === null || p95 === null ? null : { p50, p95 };
}
