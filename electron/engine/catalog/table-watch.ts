import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Table } from '@lancedb/lancedb';
import { LookalikeError } from '../../contract/errors.ts';
import { type Condition, type Examination, examine } from './condition.ts';
import { type Integrity, NOTHING, readIntegrity, writeIntegrity } from './integrity.ts';
import { readTag, TAGS, tableFolder, VERSIONS } from './layout.ts';
import { lockCatalog } from './lock.ts';
import { keptVersions, LIVE, liveVersion } from './published.ts';
import { isFolder } from './tables.ts';

/** How a table is, and the publish for which that was found. */
export interface Seen {
  condition: Condition;
  noted: Integrity;
  /** Another one for each publish and roll back, whichever process it was. */
  publication: string;
}

/** Knows how a model's table is: looks again whenever something was published, and remembers what was found damaged. */
export class TableWatch {
  readonly #uri: string;
  readonly #modelId: string;
  readonly #openTable: () => Promise<Table>;
  #unreadable = new Set<number>();
  #seen: { state: string; look: Promise<Seen> } | null = null;
  /** For a catalog that is not a folder: the handle that its tags are asked of. */
  #remote: Table | null = null;

  constructor(uri: string, modelId: string, openTable: () => Promise<Table>) {
    this.#uri = uri;
    this.#modelId = modelId;
    this.#openTable = openTable;
  }

  /** Versions that failed when they were read. */
  get unreadable(): ReadonlySet<number> {
    return this.#unreadable;
  }

  /** A tenth of a millisecond while nothing was published since the last time. */
  async look(): Promise<Seen> {
    if (!isFolder(this.#uri)) return this.#ask();
    const state = await this.#state();
    if (this.#seen?.state !== state) {
      const look = this.#examine(state);
      this.#seen = { state, look };
      look.catch(() => this.forget());
    }
    return this.#seen.look;
  }

  /** Looks anew the next time. */
  forget(): void {
    this.#seen = null;
  }

  /**
   * Counts a version that could not be read as damaged from now on.
   * @returns whether another one may be tried
   */
  async distrust(version: number, error: unknown): Promise<boolean> {
    if (!isFolder(this.#uri) || this.#unreadable.has(version) || isPassing(error)) return false;
    console.error(`Version ${version} of the catalog could not be read.`, error);
    this.#unreadable = new Set([...this.#unreadable, version]);
    this.forget();
    return true;
  }

  /** See `Catalog.check`. */
  async check(options: Pick<Examination, 'pause' | 'count'>): Promise<Condition> {
    if (!isFolder(this.#uri)) return (await this.#ask()).condition;
    const [uri, modelId] = [this.#uri, this.#modelId];
    const noted = await readIntegrity(uri, modelId);
    const unreadable = this.#unreadable;
    const condition = await examine({ ...options, uri, modelId, noted, unreadable, how: 'bytes' });
    const table = `${tableFolder(modelId)}/`;
    const changed = condition.files
      .filter(({ how }) => how === 'changed')
      .map(({ path }) => path.slice(table.length));
    const found = changed.filter((path) => path in noted.files && !noted.broken.includes(path));
    if (condition.files.length > 0) this.forget();
    if (found.length > 0) await this.#noteBroken(found);
    return condition;
  }

  async #noteBroken(found: readonly string[]): Promise<void> {
    const lock = await lockCatalog(this.#uri);
    try {
      const noted = await readIntegrity(this.#uri, this.#modelId);
      // Something may have been published or mended meanwhile.
      const broken = found.filter((path) => path in noted.files);
      await lock.verify();
      await writeIntegrity(this.#uri, this.#modelId, { ...noted, broken: [...noted.broken, ...broken] });
    } finally {
      await lock.release();
    }
  }

  async #examine(state: string): Promise<Seen> {
    const [uri, modelId] = [this.#uri, this.#modelId];
    const noted = await readIntegrity(uri, modelId);
    const condition = await examine({ uri, modelId, noted, unreadable: this.#unreadable, how: 'lengths' });
    return { condition, noted, publication: `${condition.answering} ${state}` };
  }

  /** What has changed whenever the answer of `examine` may have: the live tag, and files beside it where there is none. */
  async #state(): Promise<string> {
    const folder = join(this.#uri, tableFolder(this.#modelId));
    const tag = await readTag(folder, LIVE);
    if (tag) return `${tag.version} ${tag.updatedAt}`;
    const times = [TAGS, VERSIONS].map((name) => stat(join(folder, name)).catch(() => null));
    return (await Promise.all(times)).map((info) => info?.mtimeMs ?? 'none').join(' ');
  }

  async #ask(): Promise<Seen> {
    const none = { damaged: new Set<number>(), files: [], brokenIndexes: [] };
    this.#remote ??= await this.#openTable().catch(() => null);
    const live = this.#remote && (await liveVersion(this.#remote));
    const kept = this.#remote ? await keptVersions(this.#remote) : [];
    return { condition: { live, answering: live, kept, ...none }, noted: NOTHING, publication: String(live) };
  }
}

/** Whether a failure says nothing of the files: permissions, which may be given back, and too many open files. */
function isPassing(error: unknown): boolean {
  if (error instanceof LookalikeError && error.cause !== undefined) return isPassing(error.cause);
  const said = error instanceof Error ? error.message : String(error);
  return /Permission denied|EACCES|EPERM|Too many open files|EMFILE|ENFILE/i.test(said);
}
