import { LookalikeError } from '../contract/errors.ts';
import type { Fault } from '../contract/faults.ts';

import { ByteCount, type DamagedFile } from './catalog/condition.ts';
import { examineOtherModels } from './catalog/model-tables.ts';
import { listSetAside, removeSetAside } from './catalog/set-aside.ts';
import { isFolder } from './catalog/tables.ts';
import { isOfTheDisk, storageError } from './files/storage-error.ts';
import type { LiveCatalog } from './snapshot/live-catalog.ts';
import type { PriorityGate } from './work/priority-gate.ts';

export interface CatalogHealthParts {
  uri: string;
  /** The catalog of the model in use. */
  catalog: () => LiveCatalog;
  gate: PriorityGate;
  /** Called when damage was found or repaired. */
  onChange: () => void;
}

/** Finds and reports damage to the catalog, and repairs what needs neither the feed nor a person. */
export class CatalogHealth {
  readonly #parts: CatalogHealthParts;
  /** The catalog whose full-text indexes were rebuilt here. One attempt is enough to tell whether that helps. */
  #mended: LiveCatalog | null = null;

  constructor(parts: CatalogHealthParts) {
    this.#parts = parts;
  }

  /** The damage, and what was set aside. A catalog that cannot be examined is reported too. */
  async notices(): Promise<Fault[]> {
    const { uri, catalog } = this.#parts;
    const own = await catalog()
      .damage()
      .catch((error: unknown) => [noticeOf(error)]);
    if (!isFolder(uri)) return own;
    const others = await examineOtherModels(uri, catalog().modelId, { how: 'lengths' }).catch(
      (error: unknown) => {
        own.push(noticeOf(error));
        return new Map<string, DamagedFile[]>();
      },
    );
    const aside = await listSetAside(uri);
    const kept = aside.reduce(
      (sum, { bytes, files }) => ({ bytes: sum.bytes + bytes, files: sum.files + files }),
      {
        bytes: 0,
        files: 0,
      },
    );
    return [
      ...own,
      ...[...others].flatMap(([modelId, [first]]): Fault[] =>
        first ? [{ code: 'OTHER_CATALOG_DAMAGED', params: { modelId, example: first.path } }] : [],
      ),
      ...aside.slice(0, 1).map(({ folder }): Fault => {
        return { code: 'CATALOG_SET_ASIDE', params: { folder, ...kept } };
      }),
    ];
  }

  /**
   * Compares every byte of the published snapshots, of all models, with the hashes noted when they were published. It gives
   * way to queries.
   * @returns the damaged files
   * @throws LookalikeError CATALOG_UNREADABLE, CATALOG_BUSY
   */
  async check(onProgress: (done: number, total: number) => void = () => {}): Promise<DamagedFile[]> {
    const { uri, catalog, gate, onChange } = this.#parts;
    const pause = () => gate.bulk();
    const count = new ByteCount(onProgress);
    const { files } = await catalog().check({ pause, count });
    const list = await catalog().listDamage();
    if (files.length > 0 || list) onChange();
    const others = isFolder(uri)
      ? await examineOtherModels(uri, catalog().modelId, { pause, count, how: 'bytes' })
      : new Map<string, DamagedFile[]>();
    return [...files, ...(list ? [list] : []), ...[...others.values()].flat()];
  }

  /** Deletes the damaged files that were set aside. */
  async removeSetAside(): Promise<void> {
    await removeSetAside(this.#parts.uri);
    this.#parts.onChange();
  }

  /**
   * Reacts to a failed query: rebuilds the full-text indexes, or determines again which snapshot is intact.
   * @returns whether the query should be tried again
   */
  async gotRound(error: unknown): Promise<boolean> {
    if (!(error instanceof LookalikeError)) return false;
    const catalog = this.#parts.catalog();
    if (error.code === 'CATALOG_UNREADABLE') return catalog.distrustLive(error);
    if (error.code !== 'WORDS_INDEX_DAMAGED' || this.#mended === catalog) return false;
    this.#mended = catalog;
    try {
      await catalog.mendWords();
      return true;
    } catch (cause) {
      // An import is running, or the disk is full: the next query tries again.
      console.error(cause);
      this.#mended = null;
      return false;
    }
  }
}

function noticeOf(error: unknown): Fault {
  if (error instanceof LookalikeError) return error.fault;
  if (isOfTheDisk(error)) return storageError(error).fault;
  return { code: 'INTERNAL', params: { said: String(error) } };
}
