import { type FSWatcher, watch } from 'node:fs';
import { open, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import pLimit from 'p-limit';
import type { Fault } from '../../contract/faults.ts';
import { MOST_PICTURE_BYTES } from '../../contract/limits.ts';
import type { WatchedEvent } from '../../contract/watched.ts';
import { KnownFiles, type Mark, markOf } from './known-files.ts';

const PICTURE = /\.(?:jpe?g|png|webp|heic|heif|avif|tiff?|gif|bmp)$/i;
/** Names of files that a browser or a sync tool is still writing, and of those that systems hide. */
const UNFINISHED = /^[.~]|\.(?:part|partial|crdownload|tmp)$/i;

/** The system tells of changes, but not on every network drive, so the names are read from time to time too. */
const LOOK_EVERY_MS = 2000;
/** After a change others follow. */
const PAUSE_MS = 100;
/** A file that has kept its size and time for so long is whole, and one that does not end as its format does, after longer. */
const SETTLED_MS = 700;
const CUT_SETTLED_MS = 10_000;
/** Cameras put a preview or notes behind the end of a JPEG. */
const END_BYTES = 64;
/** How many of those that come at once are matched. Whoever copies more has a pile, which is for Compare. */
const MOST_AT_ONCE = 12;
const READ_AT_ONCE = 32;

/** How files of a format end. */
const ENDS = [
  { of: /\.jpe?g$/i, end: Buffer.from('ffd9', 'hex') },
  { of: /\.png$/i, end: Buffer.from('IEND') },
];

interface Coming {
  mark: Mark;
  size: number;
  mtimeMs: number;
  /** Since when it has been so, in milliseconds. */
  since: number;
}

/** Why a file's bytes cannot be used as a picture; null where they can. */
type FaultOf = (bytes: Uint8Array) => Promise<Fault | null>;

/**
 * Yields the pictures that come into a folder, the newest first where several come at once, until the signal aborts. A picture is
 * given once it is whole. What lay there before, and what is only renamed, is not given.
 * @param path a folder of this computer
 * @param faultOf nobody has asked for what comes, so what is no picture is told and not given
 */
export async function* watchFolder(
  path: string,
  signal: AbortSignal,
  faultOf: FaultOf,
): AsyncGenerator<WatchedEvent, void> {
  using folder = new WatchedFolder(path, signal, faultOf);
  let isThere: boolean | null = null;
  while (!signal.aborted) {
    const names = await folder.names();
    if (names === null) {
      if (isThere !== false) yield { type: 'gone' };
      isThere = false;
    } else if (isThere !== true) {
      // A folder that comes back may be another one: nothing in it is new.
      await folder.begin(names);
      isThere = true;
      yield { type: 'watching' };
    } else {
      yield* folder.give(await folder.settled(names));
    }
    await folder.change();
  }
}

class WatchedFolder implements Disposable {
  readonly #path: string;
  readonly #signal: AbortSignal;
  readonly #faultOf: FaultOf;
  readonly #known = new KnownFiles();
  readonly #coming = new Map<string, Coming>();
  /** Names that the system says have changed: a camera may write the same name again and again. */
  readonly #changed = new Set<string>();
  #watcher: FSWatcher | null = null;
  #wake = () => {};

  constructor(path: string, signal: AbortSignal, faultOf: FaultOf) {
    this.#path = path;
    this.#signal = signal;
    this.#faultOf = faultOf;
    signal.addEventListener('abort', this.#onAbort);
  }

  [Symbol.dispose](): void {
    this.#signal.removeEventListener('abort', this.#onAbort);
    this.#watcher?.close();
  }

  /** The names of its pictures; null when it cannot be read. */
  async names(): Promise<Set<string> | null> {
    try {
      const entries = await readdir(this.#path, { withFileTypes: true });
      const pictures = entries.filter((entry) => !entry.isDirectory() && isPicture(entry.name));
      return new Set(pictures.map(({ name }) => name));
    } catch {
      this.#watcher?.close();
      this.#watcher = null;
      return null;
    }
  }

  /** Notes what lies there as old. */
  async begin(names: ReadonlySet<string>): Promise<void> {
    this.#coming.clear();
    this.#changed.clear();
    this.#listen();
    const limit = pLimit(READ_AT_ONCE);
    const note = async (name: string) => {
      const seen = await this.#look(name);
      if (seen) this.#known.add(name, seen.mark);
    };
    await Promise.all([...names].map((name) => limit(note, name)));
  }

  /** The pictures that have come and are whole now, the newest first. */
  async settled(names: ReadonlySet<string>): Promise<string[]> {
    this.#known.keepOnly(names);
    const changed = [...this.#changed].filter((name) => names.has(name));
    this.#changed.clear();
    const added = [...names].filter((name) => !this.#known.hasName(name));
    const whole: (Coming & { name: string })[] = [];
    for (const name of new Set([...this.#coming.keys(), ...changed, ...added])) {
      const seen = await this.#look(name);
      const before = this.#coming.get(name);
      this.#coming.delete(name);
      if (!seen) continue;
      if (this.#known.has(seen.mark)) this.#known.add(name, seen.mark);
      else if (before?.mark !== seen.mark || seen.size === 0) this.#coming.set(name, seen);
      else if (!(await this.#isWhole(name, seen.size, seen.since - before.since)))
        this.#coming.set(name, before);
      else whole.push({ ...seen, name });
    }
    for (const { name, mark } of whole) this.#known.add(name, mark);
    return whole.sort((a, b) => b.mtimeMs - a.mtimeMs).map(({ name }) => name);
  }

  /** Reads them, the oldest first, so that the newest is on top in the end. */
  async *give(names: readonly string[]): AsyncGenerator<WatchedEvent, void> {
    const given = names.slice(0, MOST_AT_ONCE);
    for (const name of given.toReversed()) yield await this.#read(name);
    if (given.length < names.length) yield { type: 'too many', leftOut: names.length - given.length };
  }

  /** Resolves when there may be something new. */
  async change(): Promise<void> {
    const ms = this.#coming.size > 0 ? SETTLED_MS / 2 : LOOK_EVERY_MS;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve) => {
      this.#wake = resolve;
      timer = setTimeout(resolve, ms);
      if (this.#signal.aborted || this.#changed.size > 0) resolve();
    });
    clearTimeout(timer);
    await sleep(PAUSE_MS);
  }

  /** @param unchangedMs for how long the file has been as it is */
  async #isWhole(name: string, size: number, unchangedMs: number): Promise<boolean> {
    if (unchangedMs < SETTLED_MS) return false;
    const end = ENDS.find(({ of }) => of.test(name))?.end;
    if (!end || unchangedMs >= CUT_SETTLED_MS) return true;
    try {
      await using file = await open(join(this.#path, name));
      const last = Buffer.alloc(Math.min(size, END_BYTES));
      await file.read(last, 0, last.length, size - last.length);
      return last.includes(end);
    } catch {
      // Held by the program that writes it.
      return false;
    }
  }

  async #read(name: string): Promise<WatchedEvent> {
    const unusable = (fault: Fault): WatchedEvent => ({ type: 'unusable', name, fault });
    let bytes: Uint8Array<ArrayBuffer>;
    try {
      const path = join(this.#path, name);
      if ((await stat(path)).size > MOST_PICTURE_BYTES)
        return unusable({ code: 'IMAGE_TOO_LARGE', params: {} });
      bytes = new Uint8Array(await readFile(path));
    } catch {
      return unusable({ code: 'IMAGE_UNREADABLE', params: { reason: 'not-opened' } });
    }
    const fault = await this.#faultOf(bytes);
    return fault ? unusable(fault) : { type: 'picture', name, bytes };
  }

  async #look(name: string): Promise<Coming | null> {
    try {
      const found = await stat(join(this.#path, name));
      const { size, mtimeMs } = found;
      return found.isFile() ? { mark: markOf(found), size, mtimeMs, since: performance.now() } : null;
    } catch {
      // Renamed or removed since its name was read.
      return null;
    }
  }

  #listen(): void {
    try {
      this.#watcher ??= watch(this.#path, (_event, name) => {
        if (name === null || !isPicture(name)) return;
        this.#changed.add(name);
        this.#wake();
      });
      this.#watcher.on('error', () => {});
    } catch {
      // The names are read from time to time all the same.
    }
  }

  readonly #onAbort = (): void => this.#wake();
}

const isPicture = (name: string): boolean => PICTURE.test(name) && !UNFINISHED.test(name);
