import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { LookalikeError } from '../../../contract/errors.ts';
import type { Fault } from '../../../contract/faults.ts';
import type { InstallProgress, InstallRequest, ModelMirror, ModelState } from '../../../contract/models.ts';
import { HeldError, remove } from '../../files/changes.ts';
import { storageError } from '../../files/storage-error.ts';
import {
  damagedDescriptions,
  installedSubjectModels,
  knownModels,
  listedModels,
  locate,
  verifyModel,
} from '../../model/files.ts';
import type { ModelEntry, ModelFile } from '../../model/manifest.ts';
import { Meter } from '../../work/byte-meter.ts';
import { fetchModel } from './from-network.ts';
import { copyModel, type FoundModel, recognise } from './from-path.ts';
import { forkProof, proveApart, type RunProof } from './proof.ts';
import { areSettingsDamaged, readSettings, writeSettings } from './settings.ts';
import { noSpace } from './space.ts';
import { Stage, stagingRoot } from './stage.ts';
import { isRemovable, stateOf } from './state.ts';

const TELL_EVERY_MS = 200;

export interface ModelStoreOptions {
  /** The folder of installed models; each model has its own folder there. */
  folder: string;
  /** The folders that list or hold models, in order of preference. */
  roots: string[];
  /** The id of the embedder that searches use; null when there is none. */
  inUse: () => Promise<string | null>;
  /** Default: a child process of this one, which Electron's Node cannot start. */
  runProof?: RunProof;
}

/** The models of this machine: lists, installs, verifies and removes them. */
export class ModelStore {
  readonly #folder: string;
  readonly #roots: string[];
  readonly #embedderInUse: () => Promise<string | null>;
  readonly #runProof: RunProof;
  readonly #installing = new Set<string>();

  constructor({ folder, roots, inUse, runProof = forkProof }: ModelStoreOptions) {
    this.#runProof = runProof;
    this.#folder = folder;
    this.#roots = [...new Set([folder, ...roots])];
    this.#embedderInUse = inUse;
  }

  /** Whether a model is being installed or removed. */
  get busy(): boolean {
    return this.#installing.size > 0;
  }

  /**
   * Every model that is installed or can be: those the app lists, best first, and then the company's own.
   * @throws LookalikeError MANIFEST_INVALID
   */
  async list(): Promise<ModelState[]> {
    const [subject] = await installedSubjectModels(this.#roots);
    const inUse = [await this.#embedderInUse(), subject?.entry.id ?? null];
    const listed = await this.#listed();
    const known = await knownModels(this.#roots);
    return Promise.all(
      known.map((entry) =>
        stateOf(entry, {
          models: this.#folder,
          roots: this.#roots,
          inUse,
          listed: listed.some(({ id }) => id === entry.id),
        }),
      ),
    );
  }

  /**
   * Brings a model, verifies it, proves that it runs, and only then installs it. When the signal aborts or the app is
   * killed, the next installation continues from what was downloaded.
   * @throws LookalikeError MODEL_*, MANIFEST_INVALID, ADDRESS_REFUSED, STORAGE_FAILED, CANCELLED
   */
  async *install(request: InstallRequest, signal: AbortSignal): AsyncGenerator<InstallProgress, ModelState> {
    const abandoned = new AbortController();
    const meter = new Meter();
    const work = this.#bring(request, meter, AbortSignal.any([signal, abandoned.signal]));
    let ended = false;
    const end = work.then(
      () => (ended = true),
      () => (ended = true),
    );
    try {
      while (!ended) {
        yield meter.now;
        await Promise.race([end, wait(TELL_EVERY_MS)]);
      }
      return await this.#stateOf(await work);
    } catch (cause) {
      throw inWords(cause, signal);
    } finally {
      abandoned.abort();
      await end;
    }
  }

  /**
   * Reads every byte of an installed model again.
   * @throws LookalikeError MODEL_UNKNOWN, MODEL_MISSING, MODEL_ALTERED
   */
  async verify(id: string): Promise<ModelState> {
    const entry = await this.#entry(id);
    const located = await locate(entry, this.#roots);
    if (!located) throw notInstalled(id);
    await verifyModel(located, await present(located.entry.files, located.folder));
    return this.#stateOf(id);
  }

  /**
   * Deletes an installed model, or what an interrupted installation has left.
   * @throws LookalikeError MODEL_UNKNOWN, MODEL_IN_USE, MODEL_BUILT_IN, MODEL_MISSING, MODEL_BUSY
   */
  async remove(id: string): Promise<void> {
    const entry = await this.#entry(id);
    if ((await this.#embedderInUse()) === id) throw new LookalikeError('MODEL_IN_USE', { item: id });
    if (!(await isRemovable(this.#folder, id))) {
      const builtIn = (await locate(entry, this.#roots)) !== null;
      throw builtIn ? new LookalikeError('MODEL_BUILT_IN', { item: id }) : notInstalled(id);
    }
    await this.#alone(id, async (stage) => {
      await stage.clear();
      await remove(join(this.#folder, id));
    });
  }

  /** Reports damaged small files: model descriptions, and the settings of installing. */
  async faults(): Promise<Fault[]> {
    const faults = await damagedDescriptions(this.#roots);
    if (!(await areSettingsDamaged(this.#settings))) return faults;
    const params = { file: this.#settings, of: 'model settings', kept: null } as const;
    return [...faults, { code: 'FILE_DAMAGED', params }];
  }

  async mirror(): Promise<ModelMirror> {
    return { url: (await readSettings(this.#settings)).mirror };
  }

  /** @throws LookalikeError STORAGE_FAILED */
  async setMirror({ url }: ModelMirror): Promise<ModelMirror> {
    await writeSettings(this.#settings, { mirror: url });
    return { url };
  }

  get #settings(): string {
    return join(this.#folder, 'settings.json');
  }

  /** @returns the id of the model */
  async #bring(request: InstallRequest, meter: Meter, signal: AbortSignal): Promise<string> {
    if (request.from === 'network') return this.#download(await this.#entry(request.id), meter, signal);
    return this.#copy(await recognise(request.path, await this.#listed()), meter, signal);
  }

  async #download(entry: ModelEntry, meter: Meter, signal: AbortSignal): Promise<string> {
    const installed = await locate(entry, this.#roots);
    if (installed && (await isRight(installed))) return entry.id;
    await this.#alone(entry.id, async (stage) => {
      if (installed) await stage.adopt(installed);
      await fetchModel(entry, stage, (await this.mirror()).url, meter, signal);
      await this.#settle(entry, stage, meter, signal);
    });
    return entry.id;
  }

  async #copy(found: FoundModel, meter: Meter, signal: AbortSignal): Promise<string> {
    const { entry, own } = found;
    if (own && (await this.#embedderInUse()) === entry.id)
      throw new LookalikeError('MODEL_IN_USE', { item: entry.id });
    await this.#alone(entry.id, async (stage) => {
      try {
        await copyModel(found, stage, meter, signal);
        if (own) await stage.describe(entry);
      } catch (cause) {
        await stage.clear();
        throw cause;
      }
      await this.#settle(entry, stage, meter, signal);
    });
    return entry.id;
  }

  /** Proves and installs a model whose files are all on the stage. A model that fails is deleted from the stage. */
  async #settle(entry: ModelEntry, stage: Stage, meter: Meter, signal: AbortSignal): Promise<void> {
    meter.verify();
    const staged = await locate(entry, [stagingRoot(this.#folder)]);
    if (!staged) throw notInstalled(entry.id);
    try {
      await proveApart(staged, this.#runProof, signal);
    } catch (cause) {
      await stage.clear();
      throw cause;
    }
    await stage.install(entry);
  }

  /** Allows one installation or removal of a model at a time. */
  async #alone(id: string, work: (stage: Stage) => Promise<void>): Promise<void> {
    if (this.#installing.has(id)) throw new LookalikeError('MODEL_BUSY', { item: id });
    this.#installing.add(id);
    try {
      const stage = await Stage.open(this.#folder, id);
      await work(stage).finally(() => stage.close());
    } finally {
      this.#installing.delete(id);
    }
  }

  #listed(): Promise<ModelEntry[]> {
    return listedModels(this.#roots);
  }

  async #entry(id: string): Promise<ModelEntry> {
    const known = await knownModels(this.#roots);
    const entry = known.find((candidate) => candidate.id === id);
    if (entry) return entry;
    const params = { id, known: known.map((model) => model.id) };
    throw new LookalikeError({ code: 'MODEL_UNKNOWN', params }, { item: id });
  }

  async #stateOf(id: string): Promise<ModelState> {
    const state = (await this.list()).find((model) => model.id === id);
    if (!state) throw new LookalikeError({ code: 'MODEL_UNKNOWN', params: { id, known: [] } }, { item: id });
    return state;
  }
}

function notInstalled(id: string): LookalikeError {
  const params = { reason: 'not-installed' as const, id, installed: [] };
  return new LookalikeError({ code: 'MODEL_MISSING', params }, { item: id });
}

/** Whether all files of a model, text encoder included, are here and unaltered. */
async function isRight(model: Parameters<typeof verifyModel>[0]): Promise<boolean> {
  try {
    await verifyModel(model, model.entry.files);
    return true;
  } catch {
    return false;
  }
}

async function present(files: readonly ModelFile[], folder: string): Promise<ModelFile[]> {
  const stats = await Promise.all(files.map(({ path }) => stat(join(folder, path)).catch(() => null)));
  return files.filter((_, i) => stats[i]);
}

function inWords(cause: unknown, signal: AbortSignal): unknown {
  if (signal.aborted) return new LookalikeError('CANCELLED', { cause });
  if (cause instanceof HeldError) return storageError(cause);
  if (cause instanceof LookalikeError || !(cause instanceof Error) || !('code' in cause)) return cause;
  return cause.code === 'ENOSPC' ? noSpace({ cause }) : storageError(cause);
}
