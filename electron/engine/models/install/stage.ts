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

/** The folder where models are assembled. It is beside the installed models, so that one rename installs a model. */
export const stagingRoot = (models: string): string => join(models, '.installing');

/**
 * A model that is being assembled. A file gets its final name here only when its bytes are verified. The files survive a
 * pause and a restart of the app, and the next installation continues from them.
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
   * Opens the stage of a model. Only one process, app or CLI, can have it open.
   * @throws LookalikeError MODEL_BUSY, STORAGE_*
   */
  static async open(models: string, id: string): Promise<Stage> {
    const folder = join(stagingRoot(models), id);
    try {
      await mkdir(folder, { recursive: true });
      // Losing this lock is harmless. Loading a large model can block this process long enough to lose it, but whatever two
      // processes assemble together is verified anyway.
      const lock = await FolderLock.acquire(folder);
      if (!lock) throw new LookalikeError('MODEL_BUSY', { item: folder });
      return new Stage(models, id, folder, lock, await readNotes(folder));
    } catch (cause) {
      throw storageError(cause, folder);
    }
  }

  /** The path where the bytes of a file are collected. */
  partOf(file: ModelFile): string {
    return join(this.folder, `${file.path}.part`);
  }

  /** Bytes of the file when it is here and verified; null when it is still to be brought. */
  async holds(file: ModelFile): Promise<number | null> {
    const path = join(this.folder, file.path);
    const info = await stat(path).catch(() => null);
    const wanted = file.sha256 ?? this.#notes[file.path]?.sha256;
    if (!info || wanted === undefined) return null;
    if ((await sha256Of(path)) === wanted) return info.size;
    await rm(path);
    return null;
  }

  /** Gives the collected and verified bytes their final name. */
  async accept(file: ModelFile, { sha256, by }: Landed, gathered = this.partOf(file)): Promise<void> {
    // The note is written first: a file without its note would have to be downloaded again.
    this.#notes = { ...this.#notes, [file.path]: { sha256, by } };
    await writeNotes(this.folder, this.#notes);
    await rename(gathered, join(this.folder, file.path));
    await rm(this.partOf(file), { force: true });
    await forgetOrigin(this.partOf(file));
  }

  /** Copies the unaltered files of an installed model, so that only the missing ones have to be brought. */
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

  /** Writes the model's own `model.json`. */
  async describe(entry: ModelEntry): Promise<void> {
    await writeFile(join(this.folder, 'model.json'), `${JSON.stringify(entry, null, 2)}\n`);
  }

  /** Installs the model in place of whatever was there, in one step where nothing was. */
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

  /** Deletes all files of the stage. */
  async clear(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }

  /** Keeps the files for the next installation, and leaves no empty folder. */
  async close(): Promise<void> {
    await rmdir(this.folder).catch(() => {});
    await this.#lock.release();
    // Fails while another model is being assembled.
    await rmdir(stagingRoot(this.#models)).catch(() => {});
  }
}
