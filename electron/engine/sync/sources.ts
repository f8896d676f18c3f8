import { join } from 'node:path';
import { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';
import {
  type Source,
  type SourceStatus,
  type SyncOutcome,
  source,
  syncOutcome,
} from '../../contract/publishing.ts';
import { JsonFile } from './json-file.ts';

const saved = z.array(z.object({ source, lastSync: syncOutcome.nullable() }));
type Saved = z.infer<typeof saved>;

const HOUR_MS = 3_600_000;
const TICK_MS = 60_000;

/** The feeds that were set up here, how each fared last, and when each is due. */
export class Sources {
  readonly #file: JsonFile<Saved>;

  private constructor(file: JsonFile<Saved>) {
    this.#file = file;
  }

  /** @throws LookalikeError SOURCES_UNREADABLE */
  static async open(dataDir: string): Promise<Sources> {
    return new Sources(await JsonFile.open(join(dataDir, 'sources.json'), saved, [], 'SOURCES_UNREADABLE'));
  }

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

  /** Adds a source, or replaces the one with its id. */
  async save(source: Source): Promise<SourceStatus> {
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

  /**
   * Syncs every source when it is due, one at a time, until the signal aborts. `run` records its own failures.
   */
  async keepSchedule(run: (source: Source) => Promise<void>, signal: AbortSignal): Promise<void> {
    for (const { source } of this.list()) if (source.onStart && !signal.aborted) await run(source);
    while (!signal.aborted) {
      for (const entry of this.list()) {
        const due = nextSync(entry);
        if (due && due.getTime() <= Date.now() && !signal.aborted) await run(entry.source);
      }
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, TICK_MS);
        signal.addEventListener(
          'abort',
          () => {
            clearTimeout(timer);
            resolve();
          },
          { once: true },
        );
      });
    }
  }
}

/** A source that was never synced is due at once. */
function nextSync({ source, lastSync }: Saved[number]): Date | null {
  if (source.everyHours === null) return null;
  return new Date(lastSync ? Date.parse(lastSync.at) + source.everyHours * HOUR_MS : Date.now());
}
