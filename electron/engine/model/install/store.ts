import { LookalikeError } from '../../../contract/errors.ts';
import type { InstallProgress, InstallRequest, ModelMirror, ModelState } from '../../../contract/models.ts';

export interface ModelStoreOptions {
  /** Where models are installed: a folder a model. */
  folder: string;
  /** The folders that list or hold models, in order of preference. */
  roots: string[];
  /** Ids of the models that are answering. */
  inUse: () => Promise<string[]>;
}

/** The models of this machine: what there is, and bringing one here, checking it and taking it away. */
export class ModelStore {
  readonly #options: ModelStoreOptions;

  constructor(options: ModelStoreOptions) {
    this.#options = options;
  }

  async list(): Promise<ModelState[]> {
    await this.#options.inUse();
    return [];
  }

  // biome-ignore lint/correctness/useYield: the steps come with the download
  async *install(
    _request: InstallRequest,
    _signal: AbortSignal,
  ): AsyncGenerator<InstallProgress, ModelState> {
    throw new LookalikeError('INTERNAL', { detail: 'Not yet.' });
  }

  async verify(id: string): Promise<ModelState> {
    throw new LookalikeError('MODEL_UNKNOWN', { item: id });
  }

  async remove(id: string): Promise<void> {
    throw new LookalikeError('MODEL_UNKNOWN', { item: id });
  }

  async mirror(): Promise<ModelMirror> {
    return { url: null };
  }

  async setMirror(mirror: ModelMirror): Promise<ModelMirror> {
    return mirror;
  }
}
