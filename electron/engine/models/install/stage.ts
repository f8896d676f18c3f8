import { copyFile, link, mkdir, readdir, rmdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { LookalikeError } from '../../../contract/errors.ts';
import { cleanUp, remove, rename, writeWhole } from '../../files/changes.ts';
import { FolderLock } from '../../files/folder-lock.ts';
import { storageError } from '../../files/storage-error.ts';
import { type LocatedModel, sha256Of } from '../../model/files.ts';
import type { ModelEntry, ModelFile } from '../../model/manifest.ts';
import { type Notes, readNotes, writeNotes } from '../../model/notes.ts';
import type { Landed } from './download.ts';
import { forgetOrigin } from './part-file.ts';

/** The folder where models are assembled. It is beside the installed models, so that one rename installs a model. */
export const stagingRoot = (models: string): string => join(models, '.installing');

/** What a model that is being replaced is called meanwhile. */
const BEFORE = '.before';

/**
 * Puts back the models that killed installations have taken out of the way, so that none is missing. What somebody is
 * installing right now is left to them, and one that cannot be put back now is tried again at the next start.
 */
export async function restoreReplaced(models: string): Promise<void> {
  for (const name of await readdir(stagingRoot(models)).catch(() => [])) {
    if (!name.endsWith(BEFORE)) continue;
    try {
      await (await Stage.open(models, name.slice(0, -BEFORE.length))).close();
    } catch (error) {
      console.error(`${name} could not be put back now.`, error);
    }
  }
}

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
      const stage = new Stage(models, id, folder, lock, await readNotes(folder));
      await stage.#restore().catch(async (cause: unknown) => {
        await stage.close();
        throw cause;
      });
      return stage;
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
    await remove(path);
    return null;
  }

  /** Gives the collected and verified bytes their final name. */
  async accept(file: ModelFile, { sha256, by }: Landed, gathered = this.partOf(file)): Promise<void> {
    // The note is written first: a file without its note would have to be downloaded again.
    this.#notes = { ...this.#notes, [file.path]: { sha256, by } };
    await writeNotes(this.folder, this.#notes);
    await rename(gathered, join(this.folder, file.path));
    await cleanUp(this.partOf(file));
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
      await remove(gathered);
      await link(from, gathered).catch(() => copyFile(from, gathered));
      await this.accept(file, { sha256: file.sha256, by: noted[file.path]?.by ?? 'manifest' }, gathered);
    }
  }

  /** Writes the model's own `model.json`. */
  async describe(entry: ModelEntry): Promise<void> {
    await writeWhole(join(this.folder, 'model.json'), `${JSON.stringify(entry, null, 2)}\n`);
  }

  /** Installs the model in place of whatever was there, in one step where nothing was. */
  async install(entry: ModelEntry): Promise<void> {
    const names = new Set([...entry.files.map(({ path }) => path), 'model.json', 'verified.json']);
    for (const name of await readdir(this.folder))
      if (!names.has(name)) await remove(join(this.folder, name));
    const target = join(this.#models, this.#id);
    const before = `${this.folder}${BEFORE}`;
    const replaces = (await stat(target).catch(() => null)) !== null;
    if (replaces) {
      await remove(before);
      await rename(target, before);
    }
    try {
      await rename(this.folder, target);
    } catch (cause) {
      if (replaces) await rename(before, target);
      throw cause;
    }
    await cleanUp(before);
  }

  /** Puts back what an installation took out of the way when it was killed before it had put the new model there. */
  async #restore(): Promise<void> {
    const before = `${this.folder}${BEFORE}`;
    const target = join(this.#models, this.#id);
    if (await stat(target).catch(() => null)) await cleanUp(before);
    else if (await stat(before).catch(() => null)) await rename(before, target);
  }

  /** Deletes all files of the stage. */
  async clear(): Promise<void> {
    await cleanUp(this.folder);
  }

  /** Keeps the files for the next installation, and leaves no empty folder. */
  async close(): Promise<void> {
    await rmdir(this.folder).catch(() => {});
    await this.#lock.release();
    // Fails while another model is being assembled.
    await rmdir(stagingRoot(this.#models)).catch(() => {});
  }
}
