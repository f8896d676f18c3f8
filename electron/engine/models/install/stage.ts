import { copyFile, link, mkdir, readdir, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { LookalikeError } from '../../../contract/errors.ts';
import { FolderLock } from '../../files/folder-lock.ts';
import { storageError } from '../../files/storage-error.ts';
import { type LocatedModel, sha256Of } from '../../model/files.ts';
import type { ModelEntry, ModelFile } from '../../model/manifest.ts';
import { type Notes, readNotes, writeNotes } from '../../model/notes.ts';
import type { Landed } from './download.ts';
import { forgetOrigin } from './part-file.ts';

/** Where a model is put together; a folder beside the installed ones, so that one rename installs it. */
export const stagingRoot = (models: string): string => join(models, '.installing');

/**
 * A model that is being put together. A file gets its own name here when its bytes are verified, and not before; what
 * is there outlives a pause and the app, so that an installation goes on from it.
 */
export class Stage {
  readonly folder: string;
  readonly #models: string;
  readonly #id: string;
  readonly #lock: FolderLock;
  #notes: Notes;

  private constructor(models: string, id: string, folder: string, lock: FolderLock, notes: Notes) {
    this.#models = models;
    this.#id = id;
    this.folder = folder;
    this.#lock = lock;
    this.#notes = notes;
  }

  /**
   * One at a time for each model, app and CLI alike.
   * @throws LookalikeError MODEL_BUSY, STORAGE_*
   */
  static async open(models: string, id: string): Promise<Stage> {
    const folder = join(stagingRoot(models), id);
    try {
      await mkdir(folder, { recursive: true });
      // Losing it is harmless: loading a large model can hold the process up for so long, and what two would put
      // together is verified anyway.
      const lock = await FolderLock.acquire(folder);
      if (!lock) throw new LookalikeError('MODEL_BUSY', { item: folder });
      return new Stage(models, id, folder, lock, await readNotes(folder));
    } catch (cause) {
      throw storageError(cause, folder);
    }
  }

  /** Where the bytes of a file gather. */
  partOf(file: ModelFile): string {
    return join(this.folder, `${file.path}.part`);
  }

  /** Bytes of the file when it is here and right; null when it has yet to come. */
  async holds(file: ModelFile): Promise<number | null> {
    const path = join(this.folder, file.path);
    const info = await stat(path).catch(() => null);
    const wanted = file.sha256 ?? this.#notes[file.path]?.sha256;
    if (!info || wanted === undefined) return null;
    if ((await sha256Of(path)) === wanted) return info.size;
    await rm(path);
    return null;
  }

  /** Gives the gathered bytes, which were verified, their name. */
  async accept(file: ModelFile, { sha256, by }: Landed, gathered = this.partOf(file)): Promise<void> {
    // Noted first: a file without its note would have to come again.
    this.#notes = { ...this.#notes, [file.path]: { sha256, by } };
    await writeNotes(this.folder, this.#notes);
    await rename(gathered, join(this.folder, file.path));
    await rm(this.partOf(file), { force: true });
    await forgetOrigin(this.partOf(file));
  }

  /** Takes over those files of an installed model that are right, so that only what is missing has to come. */
  async adopt({ entry, folder }: LocatedModel<ModelEntry>): Promise<void> {
    const noted = await readNotes(folder);
    for (const file of entry.files) {
      const from = join(folder, file.path);
      if (file.sha256 === undefined || (await this.holds(file)) !== null) continue;
      if ((await sha256Of(from).catch(() => null)) !== file.sha256) continue;
      const gathered = join(this.folder, `${file.path}.kept`);
      await rm(gathered, { force: true });
      await link(from, gathered).catch(() => copyFile(from, gathered));
      await this.accept(file, { sha256: file.sha256, by: noted[file.path]?.by ?? 'manifest' }, gathered);
    }
  }

  /** Makes the model describe itself. */
  async describe(entry: ModelEntry): Promise<void> {
    await writeFile(join(this.folder, 'model.json'), `${JSON.stringify(entry, null, 2)}\n`);
  }

  /** Puts the model in place of whatever was there, in one step where nothing was. */
  async install(entry: ModelEntry): Promise<void> {
    const names = new Set([...entry.files.map(({ path }) => path), 'model.json', 'verified.json']);
    for (const name of await readdir(this.folder))
      if (!names.has(name)) await rm(join(this.folder, name), { recursive: true });
    const target = join(this.#models, this.#id);
    const before = `${this.folder}.before`;
    await rm(before, { recursive: true, force: true });
    await rename(target, before).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
    });
    await rename(this.folder, target);
    await rm(before, { recursive: true, force: true });
  }

  /** Deletes everything that is here. */
  async clear(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Keeps what is here for the next time, and leaves no empty folder. */
  async close(): Promise<void> {
    await rmdir(this.folder).catch(() => {});
    await this.#lock.release();
    // Fails where another model is being put together.
    await rmdir(stagingRoot(this.#models)).catch(() => {});
  }
}
