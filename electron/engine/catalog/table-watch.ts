import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Table } from '@lancedb/lancedb';
import { LookalikeError } from '../../contract/errors.ts';
import { isOfTheDisk, storageError } from '../files/storage-error.ts';
import { type Condition, type Examination, examine, examineStore, type StoreCondition } from './condition.ts';
import { type Integrity, NOTHING, readIntegrity, writeIntegrity } from './integrity.ts';
import { featuresTable, PICTURES, PRODUCT_IMAGES, readTag, TAGS, tableFolder, VERSIONS } from './layout.ts';
import { lockCatalog } from './lock.ts';
import { keptVersions, LIVE, liveVersion } from './published.ts';
import { isFolder } from './tables.ts';

/** The condition of a catalog's tables for one model. */
export interface CatalogCondition extends Condition {
  pictures: StoreCondition;
  /** Without the model's features no version of the product images can answer queries. */
  features: StoreCondition;
}

/** The condition of the tables, and the publish after which it was determined. */
export interface Seen {
  condition: CatalogCondition;
  /** The notes of the product images. */
  noted: Integrity;
  /** Changes with each publish and rollback, of any process. */
  publication: string;
}

const WHOLE: StoreCondition = { state: 'whole', files: [] };

/** Tracks the condition of the tables: examines them again after every publish, and remembers what was found damaged. */
export class TableWatch {
  readonly #uri: string;
  readonly #modelId: string;
  readonly #openTable: () => Promise<Table>;
  #unreadable = new Set<number>();
  #featuresUnreadable = false;
  #seen: { state: string; look: Promise<Seen> } | null = null;
  /** For a catalog that is not a folder: the handle that reads its tags. */
  #remote: Table | null = null;

  constructor(uri: string, modelId: string, openTable: () => Promise<Table>) {
    this.#uri = uri;
    this.#modelId = modelId;
    this.#openTable = openTable;
  }

  /** Versions that could not be read. */
  get unreadable(): ReadonlySet<number> {
    return this.#unreadable;
  }

  /** Whether the model's features could not be read. */
  get featuresUnreadable(): boolean {
    return this.#featuresUnreadable;
  }

  /**
   * The condition of the tables. Takes a tenth of a millisecond while nothing was published since the last call.
   * @throws LookalikeError STORAGE_* when a file cannot be read now
   */
  async look(): Promise<Seen> {
    if (!isFolder(this.#uri)) return this.#ask();
    try {
      const state = await this.#state();
      if (this.#seen?.state !== state) {
        const look = this.#examine(state);
        this.#seen = { state, look };
        look.catch(() => this.forget());
      }
      return await this.#seen.look;
    } catch (cause) {
      throw storageError(cause, this.#uri);
    }
  }

  /** Makes the next `look` examine the tables again. */
  forget(): void {
    this.#seen = null;
  }

  /** Drops all failures to read, because the tables were repaired. */
  mended(): void {
    this.#featuresUnreadable = false;
    this.forget();
  }

  /**
   * Counts a version that could not be read as damaged from now on.
   * @returns whether another one may be tried
   */
  async distrust(version: number, error: unknown): Promise<boolean> {
    if (!isFolder(this.#uri) || this.#unreadable.has(version) || isOfTheDisk(error)) return false;
    if (error instanceof LookalikeError && error.item === featuresTable(this.#modelId)) {
      console.error('What the model has made of the pictures could not be read.', error);
      // Without the features no version can be read.
      this.#featuresUnreadable = true;
      this.forget();
      return false;
    }
    console.error(`Version ${version} of the catalog could not be read.`, error);
    this.#unreadable = new Set([...this.#unreadable, version]);
    this.forget();
    return true;
  }

  /** See `Catalog.check`. */
  async check(options: Pick<Examination, 'pause' | 'count'>): Promise<CatalogCondition> {
    if (!isFolder(this.#uri)) return (await this.#ask()).condition;
    const condition = await this.#conditionOf({ ...options, how: 'bytes' }).catch((cause: unknown) => {
      throw storageError(cause, this.#uri);
    });
    if (condition.files.length > 0) this.forget();
    for (const table of [PRODUCT_IMAGES, PICTURES, featuresTable(this.#modelId)]) {
      await noteBroken(this.#uri, table, condition);
    }
    return condition;
  }

  async #examine(state: string): Promise<Seen> {
    const condition = await this.#conditionOf({ how: 'lengths' });
    const noted = await readIntegrity(this.#uri, PRODUCT_IMAGES);
    return { condition, noted, publication: `${condition.answering} ${state}` };
  }

  async #conditionOf(options: Pick<Examination, 'how' | 'pause' | 'count'>): Promise<CatalogCondition> {
    const uri = this.#uri;
    const examination = async (table: string): Promise<Examination> => {
      return { ...options, uri, table, noted: await readIntegrity(uri, table) };
    };
    const rows = await examine({
      ...(await examination(PRODUCT_IMAGES)),
      unreadable: this.#unreadable,
    });
    const pictures = await examineStore(await examination(PICTURES));
    const features = await this.#featuresOf(await examination(featuresTable(this.#modelId)));
    if (rows.live === null) return { ...rows, pictures, features };
    return {
      ...rows,
      answering: features.state === 'whole' ? rows.answering : null,
      pictures,
      features,
      files: [...rows.files, ...pictures.files, ...features.files],
    };
  }

  async #featuresOf(examination: Examination): Promise<StoreCondition> {
    const found = await examineStore(examination);
    if (!this.#featuresUnreadable || found.state !== 'whole') return found;
    return { state: 'damaged', files: [{ path: tableFolder(examination.table), how: 'unreadable' }] };
  }

  /**
   * A text that changes whenever the result of `examine` may: the live tag and, where there is none, the files beside it.
   */
  async #state(): Promise<string> {
    const folder = join(this.#uri, tableFolder(PRODUCT_IMAGES));
    const features = await stat(join(this.#uri, tableFolder(featuresTable(this.#modelId)))).catch(() => null);
    const known = features === null ? 'unknown' : '';
    const tag = await readTag(folder, LIVE);
    if (tag) return `${tag.version} ${tag.updatedAt} ${known}`;
    const times = [TAGS, VERSIONS].map((name) => stat(join(folder, name)).catch(() => null));
    return [...(await Promise.all(times)).map((info) => info?.mtimeMs ?? 'none'), known].join(' ');
  }

  async #ask(): Promise<Seen> {
    const none = { damaged: new Set<number>(), files: [], brokenIndexes: [] };
    this.#remote ??= await this.#openTable().catch(() => null);
    const live = this.#remote && (await liveVersion(this.#remote));
    const kept = this.#remote ? await keptVersions(this.#remote) : [];
    const condition = { live, answering: live, kept, ...none, pictures: WHOLE, features: WHOLE };
    return { condition, noted: NOTHING, publication: String(live) };
  }
}

/** Notes the damaged files of a table, for other processes and the next start. */
export async function noteBroken(
  uri: string,
  table: string,
  { files }: Pick<Condition, 'files'>,
): Promise<void> {
  const folder = `${tableFolder(table)}/`;
  const changed = files
    .filter(({ path, how }) => how === 'changed' && path.startsWith(folder))
    .map(({ path }) => path.slice(folder.length));
  const before = await readIntegrity(uri, table);
  if (!changed.some((path) => path in before.files && !before.broken.includes(path))) return;
  const lock = await lockCatalog(uri);
  try {
    // Something may have been published or repaired meanwhile.
    const noted = await readIntegrity(uri, table);
    const broken = new Set([...noted.broken, ...changed.filter((path) => path in noted.files)]);
    await lock.verify();
    await writeIntegrity(uri, table, { ...noted, broken: [...broken] });
  } finally {
    await lock.release();
  }
}
