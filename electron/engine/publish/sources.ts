import { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';
import { type Fault, fault } from '../../contract/faults.ts';
import {
  type Source,
  type SourceStatus,
  type SyncOutcome,
  source,
  syncOutcome,
} from '../../contract/publishing.ts';
import { dataFolder } from '../files/data-folder.ts';
import { JsonFile } from '../files/json-file.ts';
import { withoutCredentials } from '../net/credentials.ts';

/**
 * Older lists have a sentence instead of the fault, and lists of a later version may have unknown faults. The list is worth
 * more than the reason of one sync, so such a fault becomes null.
 */
const savedOutcome = syncOutcome.extend({ fault: fault.nullable().catch(null) });
const saved = z.array(z.object({ source, lastSync: savedOutcome.nullable() }));
type Saved = z.infer<typeof saved>;

const HOUR_MS = 3_600_000;
const TICK_MS = 60_000;

/** The saved sources, with their last outcome and the time of their next sync. */
export class Sources {
  /** The fault when the list was damaged. */
  readonly fault: Fault | null;
  readonly #opened: JsonFile<Saved> | LookalikeError;

  private constructor(opened: JsonFile<Saved> | LookalikeError, fault: Fault | null) {
    this.#opened = opened;
    this.fault = fault;
  }

  /**
   * Opens the list. A list that cannot be read must not keep anybody from matching photos: a damaged one is kept beside a
   * new one, and one without read permission stays unchanged and throws when it is used.
   */
  static async open(dataDir: string): Promise<Sources> {
    const path = dataFolder.sources(dataDir);
    const { file, fault } = await JsonFile.openAnyway(path, saved, [], 'sources');
    const unread = fault?.code === 'FILE_DAMAGED' && fault.params.kept === null;
    return new Sources(unread ? new LookalikeError('SOURCES_UNREADABLE', { item: path }) : file, fault);
  }

  get readable(): boolean {
    return !(this.#opened instanceof LookalikeError);
  }

  /** @throws LookalikeError SOURCES_UNREADABLE, like all methods below */
  list(): SourceStatus[] {
    return this.#file.value.map((entry) => ({
      ...entry,
      nextSyncAt: nextSync(entry)?.toISOString() ?? null,
    }));
  }

  /** @throws LookalikeError SOURCE_UNKNOWN */
  get(id: string): SourceStatus {
    const found = this.list().find((entry) => entry.source.id === id);
    if (!found) throw new LookalikeError('SOURCE_UNKNOWN', { item: id });
    return found;
  }

  /**
   * Adds a source, or replaces the one with its id.
   * @throws LookalikeError SOURCE_INVALID, STORAGE_FAILED
   */
  async save(source: Source): Promise<SourceStatus> {
    refusePassword(source);
    const lastSync = this.#file.value.find((entry) => entry.source.id === source.id)?.lastSync ?? null;
    const others = this.#file.value.filter((entry) => entry.source.id !== source.id);
    await this.#file.set(
      [...others, { source, lastSync }].sort((a, b) => a.source.name.localeCompare(b.source.name)),
    );
    return this.get(source.id);
  }

  /** @throws LookalikeError SOURCE_UNKNOWN */
  async remove(id: string): Promise<void> {
    this.get(id);
    await this.#file.set(this.#file.value.filter((entry) => entry.source.id !== id));
  }

  async noteOutcome(id: string, lastSync: SyncOutcome): Promise<void> {
    await this.#file.set(
      this.#file.value.map((entry) => (entry.source.id === id ? { ...entry, lastSync } : entry)),
    );
  }

  /** Syncs every source when it is due, one at a time, until the signal aborts. `run` records its own failures. */
  async keepSchedule(run: (source: Source) => Promise<void>, signal: AbortSignal): Promise<void> {
    for (const { source } of this.list()) if (source.onStart && !signal.aborted) await run(source);
    while (!signal.aborted) {
      for (const entry of this.list()) {
        const due = nextSync(entry);
        if (due && due.getTime() <= Date.now() && !signal.aborted) await run(entry.source);
      }
      await tick(signal);
    }
  }

  get #file(): JsonFile<Saved> {
    if (this.#opened instanceof LookalikeError) throw this.#opened;
    return this.#opened;
  }
}

function tick(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const end = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, TICK_MS);
    signal.addEventListener('abort', end);
  });
}

/** Refuses a password in an address, because the list is a plain file. */
function refusePassword({ location }: Source): void {
  if (location.kind !== 'url' || withoutCredentials(location.url) === location.url) return;
  const params = { reason: 'password-in-address' } as const;
  throw new LookalikeError({ code: 'SOURCE_INVALID', params }, { item: withoutCredentials(location.url) });
}

/**
 * A source that was never synced is due at once. A source whose sync is incomplete is due when its servers accept requests
 * again.
 */
function nextSync({ source, lastSync }: Saved[number]): Date | null {
  if (lastSync?.retryAt) return new Date(lastSync.retryAt);
  if (source.everyHours === null) return null;
  return new Date(lastSync ? Date.parse(lastSync.at) + source.everyHours * HOUR_MS : Date.now());
}
