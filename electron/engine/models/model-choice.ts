import { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';
import type { Fault } from '../../contract/faults.ts';
import { publishedModels } from '../catalog/model-tables.ts';
import { dataFolder } from '../files/data-folder.ts';
import { JsonFile } from '../files/json-file.ts';
import type { Embedder } from '../model/embedder.ts';
import { installedModels, type LocatedModel } from '../model/files.ts';
import type { Providers } from './providers.ts';
import { Succession } from './succession.ts';

export interface ModelChoiceOptions {
  dataDir: string;
  modelRoots: string[];
}

const remembered = z.object({
  id: z.string().nullable(),
  /** The successor of `id` that was installed when `id` was chosen: whoever chose `id` did not want it. */
  declined: z.string().nullable().default(null),
  /** By model: the weights that its table was made with, noted at a switch from or to the model. */
  weights: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)).default({}),
});
type Remembered = z.infer<typeof remembered>;

/** Reads the file. In place of a damaged one, the model of the published catalog is a good choice. */
function readFile(dataDir: string): Promise<{ file: JsonFile<Remembered>; fault: Fault | null }> {
  const path = dataFolder.modelInUse(dataDir);
  return JsonFile.openAnyway(path, remembered, { id: null, declined: null, weights: {} }, 'model choice');
}

/** The chosen model. It is stored in the data folder, so that it is the same after a restart. */
export class ModelChoice {
  /** Why another model than the chosen one is in use; null when the chosen one is. */
  notice: Fault | null = null;
  /** The fault when the file of the choice was damaged. */
  fault: Fault | null;
  /** Which models replace which. */
  readonly succession: Succession;
  readonly #options: ModelChoiceOptions;
  /** Whether a model was asked for when the engine was opened. */
  #isAsked = false;
  #file: JsonFile<Remembered>;

  private constructor(
    options: ModelChoiceOptions,
    succession: Succession,
    { file, fault }: Awaited<ReturnType<typeof readFile>>,
  ) {
    this.#options = options;
    this.succession = succession;
    this.#file = file;
    this.fault = fault;
  }

  /** @throws LookalikeError MANIFEST_INVALID */
  static async open(options: ModelChoiceOptions): Promise<ModelChoice> {
    const succession = await Succession.read(options.modelRoots);
    return new ModelChoice(options, succession, await readFile(options.dataDir));
  }

  /** The model that was chosen; null when none was. */
  get chosen(): string | null {
    return this.#file.value.id;
  }

  /** The model that another process has chosen since this one last read the file; null when none was. */
  async chosenElsewhere(): Promise<string | null> {
    const { id } = this.#file.value;
    const { file, fault } = await readFile(this.#options.dataDir);
    this.#file = file;
    this.fault ??= fault;
    return this.#file.value.id === id ? null : this.#file.value.id;
  }

  /**
   * The model that the catalog is to be moved to, because it replaces the model in use. Null when there is none, when a person
   * has preferred the model in use to it, and when the model in use only stands in for another.
   */
  successorOf(inUse: string): { id: string; name: string } | null {
    const successor = this.succession.successorOf(inUse);
    const isKept = this.#isAsked || this.notice !== null || this.#file.value.declined === successor?.id;
    return isKept ? null : successor;
  }

  /** @throws LookalikeError STORAGE_FAILED */
  async remember(id: string): Promise<void> {
    const declined = this.succession.successorOf(id)?.id ?? null;
    await this.#file.set({ ...this.#file.value, id, declined });
    this.notice = null;
    this.fault = null;
  }

  /** Whether a model's table was made with other weights: another model was installed under the same id since. */
  hasOtherWeights({ info, weights }: Embedder): boolean {
    return (this.#file.value.weights[info.id] ?? weights) !== weights;
  }

  /** @throws LookalikeError STORAGE_FAILED */
  async noteWeights(...embedders: readonly Embedder[]): Promise<void> {
    const noted = embedders.map(({ info, weights }) => [info.id, weights]);
    const weights = { ...this.#file.value.weights, ...Object.fromEntries(noted) };
    await this.#file.set({ ...this.#file.value, weights });
  }

  /** @throws LookalikeError MODEL_MISSING, MANIFEST_INVALID */
  async installed(id: string): Promise<LocatedModel> {
    const installed = await installedModels(this.#options.modelRoots);
    const model = installed.find(({ entry }) => entry.id === id);
    if (model) return model;
    const params = {
      reason: 'not-installed' as const,
      id,
      installed: installed.map(({ entry }) => entry.id),
    };
    throw new LookalikeError({ code: 'MODEL_MISSING', params }, { item: id });
  }

  /**
   * Loads a model: the requested one, or else the chosen one, or else the model of the catalog that was published last, or
   * else the best one installed.
   * @param fallBack whether another model may be used, with a notice, when this one is missing or altered, and whether the
   * catalog is opened without a model, with a notice, when ONNX Runtime cannot be loaded
   * @throws LookalikeError MODEL_*, MANIFEST_INVALID, CATALOG_UNREADABLE
   */
  async load(
    asked: string | undefined,
    fallBack: boolean,
    providers: Providers,
  ): Promise<{ model: LocatedModel; embedder: Embedder }> {
    const wanted = await this.#wanted(asked);
    this.#isAsked = asked !== undefined;
    let failure: LookalikeError | null = null;
    for (const id of fallBack ? new Set(wanted) : wanted.slice(0, 1)) {
      try {
        const model = await this.installed(id);
        const embedder = await providers.load(model);
        if (failure) this.notice = standsIn(model.entry.name, failure);
        return { model, embedder };
      } catch (error) {
        if (!(error instanceof LookalikeError) || !error.code.startsWith('MODEL_')) throw error;
        failure ??= error;
        // No other model would load either.
        if (error.code === 'MODEL_LIBRARY_MISSING' && fallBack) {
          const model = await this.installed(id);
          const embedder = await providers.loadWithoutLibrary(model, error);
          this.notice = error.fault;
          return { model, embedder };
        }
      }
    }
    throw failure ?? new LookalikeError({ code: 'MODEL_MISSING', params: { reason: 'none-installed' } });
  }

  /** The id of the model that is, or would be, in use; null when none is installed. Does not load the model. */
  async current(): Promise<string | null> {
    return (await this.#wanted(undefined))[0] ?? null;
  }

  /** Ids in the order in which they are to be loaded. */
  async #wanted(asked: string | undefined): Promise<string[]> {
    const published = await publishedModels(dataFolder.catalog(this.#options.dataDir));
    const installed = (await installedModels(this.#options.modelRoots)).map(({ entry }) => entry.id);
    const chosen = asked ?? this.#file.value.id;
    return [...(chosen === null ? [] : [chosen]), ...published, ...installed];
  }
}

/** @param name of the model that is used instead of the one that failed */
export function standsIn(name: string, { code, fault }: LookalikeError): Fault {
  return { code: 'MODEL_STANDS_IN', params: { name, because: fault ?? { code, params: {} } } };
}
