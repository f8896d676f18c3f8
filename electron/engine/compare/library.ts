import { randomBytes } from 'node:crypto';
import { cp, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { comparisonId } from '../../contract/compare.ts';
import { LookalikeError } from '../../contract/errors.ts';
import { releaseSnapshot, snapshotHolders } from '../catalog/held-snapshots.ts';
import { cleanUp, rename } from '../files/changes.ts';
import { dataFolder } from '../files/data-folder.ts';
import { readOr } from '../files/reads.ts';
import { storageError } from '../files/storage-error.ts';
import { Document } from './document.ts';
import { gone } from './document-journal.ts';
import type { Entry } from './entries.ts';
import type { RejectedPairs } from './rejected-pairs.ts';

/** How long a removed document can be restored. */
const RESTORABLE_MS = 7 * 86_400_000;

/** Documents that stay open although nobody uses them. One of 5,000 rows takes 30 MB. */
const MOST_IDLE = 3;

interface Opened {
  document: Promise<Document>;
  /** Calls that use it now. */
  users: number;
}

/** The folder of comparisons: a folder for each document, and `.removed` for those that can be restored. */
export class Library {
  readonly #folder: string;
  /** The catalog, which keeps the snapshots that documents are about. */
  readonly #uri: string;
  readonly #rejected: RejectedPairs;
  /** The one used last is the last. */
  readonly #opened = new Map<string, Opened>();

  constructor(dataDir: string, rejected: RejectedPairs) {
    this.#rejected = rejected;
    this.#folder = dataFolder.comparisons(dataDir);
    this.#uri = dataFolder.catalog(dataDir);
  }

  /** Removes for good what was removed long ago, and lets go of the snapshots of documents that are gone. */
  async tidy(): Promise<void> {
    for (const { name, at } of await this.#removedOnes()) {
      if (at < Date.now() - RESTORABLE_MS) await cleanUp(join(this.#removedFolder, name));
    }
    const kept = new Set([...(await this.ids()), ...(await this.#removedOnes()).map(({ id }) => id)]);
    for (const holder of await snapshotHolders(this.#uri))
      if (!kept.has(holder)) await releaseSnapshot(this.#uri, holder);
  }

  /** The documents' ids, damaged ones too. */
  async ids(): Promise<string[]> {
    const entries = await readOr(() => readdir(this.#folder, { withFileTypes: true }), []);
    return entries.flatMap((entry) =>
      entry.isDirectory() && comparisonId.safeParse(entry.name).success ? [entry.name] : [],
    );
  }

  folderOf(id: string): string {
    return join(this.#folder, id);
  }

  /**
   * Makes a document.
   * @param begin see `Document.create`
   * @throws LookalikeError STORAGE_*
   */
  async create(begin: (document: Document) => Promise<Entry[]>): Promise<Document> {
    const id = newId();
    try {
      const document = await Document.create(this.folderOf(id), begin, this.#rejected);
      this.#opened.set(id, { document: Promise.resolve(document), users: 0 });
      return document;
    } catch (error) {
      await cleanUp(this.folderOf(id));
      throw error;
    }
  }

  /**
   * Uses a document, as it is on disk.
   * @throws LookalikeError of `Document.open`
   */
  async using<T>(id: string, work: (document: Document) => Promise<T>): Promise<T> {
    const opened = this.#opened.get(id) ?? {
      document: Document.open(this.folderOf(id), this.#rejected),
      users: 0,
    };
    this.#opened.delete(id);
    this.#opened.set(id, opened);
    opened.users++;
    try {
      const document = await opened.document;
      await Promise.all([document.refresh(), this.#rejected.refresh()]);
      return await work(document);
    } catch (error) {
      if (isGone(error)) await this.#close(id).catch(console.error);
      throw error;
    } finally {
      opened.users--;
      await this.#closeIdle();
    }
  }

  /** The document, where it is open. */
  async opened(id: string): Promise<Document | null> {
    return (await this.#opened.get(id)?.document.catch(() => null)) ?? null;
  }

  /**
   * A copy of a document.
   * @throws LookalikeError COMPARISON_UNKNOWN, STORAGE_*
   */
  async duplicate(id: string): Promise<string> {
    const copy = newId();
    const from = this.folderOf(id);
    if (!(await stat(from).catch(() => null))) throw gone(id);
    try {
      await cp(from, this.folderOf(copy), { recursive: true });
    } catch (cause) {
      await cleanUp(this.folderOf(copy));
      throw storageError(cause, this.folderOf(copy));
    }
    return copy;
  }

  /** Moves a document to where it can be restored from. */
  async remove(id: string): Promise<void> {
    await this.#close(id);
    if (!(await stat(this.folderOf(id)).catch(() => null))) throw gone(id);
    try {
      await mkdir(this.#removedFolder, { recursive: true });
      await rename(this.folderOf(id), join(this.#removedFolder, `${Date.now()}-${id}`));
    } catch (cause) {
      throw storageError(cause, this.folderOf(id));
    }
  }

  /** @throws LookalikeError COMPARISON_UNKNOWN when it is not there any more */
  async restore(id: string): Promise<void> {
    const found = (await this.#removedOnes()).findLast((removed) => removed.id === id);
    if (!found) throw gone(id);
    try {
      await rename(join(this.#removedFolder, found.name), this.folderOf(id));
    } catch (cause) {
      throw storageError(cause, this.folderOf(id));
    }
  }

  async close(): Promise<void> {
    for (const id of [...this.#opened.keys()]) await this.#close(id);
  }

  get #removedFolder(): string {
    return join(this.#folder, '.removed');
  }

  async #removedOnes(): Promise<{ name: string; id: string; at: number }[]> {
    const names = await readOr(() => readdir(this.#removedFolder), []);
    return names.flatMap((name) => {
      const [, at, id] = /^(\d+)-(.+)$/.exec(name) ?? [];
      return at && id ? [{ name, id, at: Number(at) }] : [];
    });
  }

  async #closeIdle(): Promise<void> {
    const idle = [...this.#opened].filter(([, { users }]) => users === 0).map(([id]) => id);
    for (const id of idle.slice(0, Math.max(0, idle.length - MOST_IDLE))) await this.#close(id);
  }

  async #close(id: string): Promise<void> {
    const document = await this.opened(id);
    this.#opened.delete(id);
    await document?.close();
  }
}

/** Sorts by the day, and can be typed. */
const newId = (): string => `${new Date().toISOString().slice(0, 10)}-${randomBytes(4).toString('hex')}`;

const isGone = (error: unknown): boolean =>
  error instanceof LookalikeError && /^COMPARISON_(?:UNKNOWN|DAMAGED|TOO_NEW)$/.test(error.code);
