import { LookalikeError } from '../../contract/errors.ts';
import type { Fault, FaultParams } from '../../contract/faults.ts';
import type { ProviderId, ProviderState, SwitchPlan } from '../../contract/models.ts';
import type { ImportProgress, ImportReport } from '../../contract/publishing.ts';
import type { CatalogModel } from '../catalog/catalog.ts';
import { dropFeatures } from '../catalog/model-tables.ts';
import { dataFolder } from '../files/data-folder.ts';
import { forgetIndex } from '../snapshot/indexer.ts';
import type { LiveCatalog } from '../snapshot/live-catalog.ts';
import { planReembed, reembed } from '../sync/reembed.ts';
import { Answering, type AnsweringParts } from './answering.ts';
import type { ModelStore } from './install/store.ts';
import { type ModelChoice, standsIn } from './model-choice.ts';
import type { Providers } from './providers.ts';

/** The other writer of the catalog: the publisher, which is in a room above this one. */
export interface CatalogWriter {
  /** Whether it is writing. */
  readonly busy: boolean;
  /**
   * Blocks other writes until the returned function is called.
   * @throws LookalikeError CATALOG_BUSY
   */
  occupy(reason: Occupation): () => void;
  /** Forgets what was remembered of the last model's table, because another model is in use now. */
  forgetModel(): Promise<void>;
}

export interface ModelInUseParts {
  choice: ModelChoice;
  providers: Providers;
  publisher: CatalogWriter;
  models: ModelStore;
  shared: AnsweringParts;
  /** The catalog of a model. */
  openCatalog: (model: CatalogModel) => Promise<LiveCatalog>;
  /** Called when the model or the provider has changed or is about to. */
  onChange: () => void;
}

type Occupation = FaultParams['CATALOG_BUSY'];

/** The model in use: switches to another model or provider. */
export class ModelInUse {
  readonly #parts: ModelInUseParts;
  #answering: Answering;
  #switchingTo: string | null = null;
  /** The models that a switch of this run did not get to, because it was cancelled or failed. */
  readonly #notReached = new Set<string>();

  constructor(answering: Answering, parts: ModelInUseParts) {
    this.#answering = answering;
    this.#parts = parts;
  }

  /** The model in use, with everything that belongs to it. */
  get answering(): Answering {
    return this.#answering;
  }

  /** The name of the model that the app is switching to; null when it is not switching. */
  get switchingTo(): string | null {
    return this.#switchingTo;
  }

  /**
   * The model that long-running programs switch to by themselves, because it replaces the model in use; see
   * `ModelChoice.successorOf`. Null once a switch to it was cancelled or failed: the next run tries again. Null too where people
   * gave feedback: another model does not know it, so they decide.
   */
  async successor(): Promise<{ id: string; name: string } | null> {
    const { model } = this.#answering;
    const successor = this.#parts.choice.successorOf(model.entry.id);
    if (!successor || this.#notReached.has(successor.id)) return null;
    return (await this.#isTaught()) ? null : successor;
  }

  /** Whether people gave feedback that counts with the model in use alone. */
  async #isTaught(): Promise<boolean> {
    return (await this.#answering.learned).months().length > 0;
  }

  /** The models whose packs are accepted beside those of the model in use; see `Succession.kinOf`. */
  get kin(): string[] {
    return this.#parts.choice.succession.kinOf(this.#answering.model.entry.id);
  }

  /** Notices about models and providers that could not be used as chosen. */
  get notices(): Fault[] {
    const { choice, providers } = this.#parts;
    return [choice.notice, choice.fault, providers.notice, providers.fault].filter(
      (notice) => notice !== null,
    );
  }

  /**
   * Estimates the work of `switchTo`. Loads the model to measure it.
   * @throws LookalikeError MODEL_*, CATALOG_UNREADABLE
   */
  async planSwitch(id: string): Promise<SwitchPlan> {
    const { choice, providers, openCatalog } = this.#parts;
    const embedder = await providers.load(await choice.installed(id));
    const to = await openCatalog(embedder.info);
    try {
      return await planReembed({ to, embedder });
    } finally {
      await to.close();
      await embedder.close();
    }
  }

  /**
   * Switches to another installed model; see `reembed`. Until the switch is done, the present model answers all queries.
   * A switch to the successor ends without one where feedback came meanwhile that was not there before: the successor would not
   * know it.
   * @throws LookalikeError MODEL_*, GATE_*, CATALOG_BUSY, CATALOG_UNREADABLE, STORAGE_FAILED, CANCELLED
   */
  async *switchTo(id: string, signal: AbortSignal): AsyncGenerator<ImportProgress, ImportReport> {
    const { answering } = this;
    const { choice, providers, publisher, shared, openCatalog, onChange } = this.#parts;
    const model = await choice.installed(id);
    const untaught = (await this.successor())?.id === id;
    const release = publisher.occupy({ by: 'switch', model: model.entry.name });
    this.#switchingTo = model.entry.name;
    this.#notReached.add(id);
    onChange();
    try {
      const embedder = await providers.load(model);
      if (choice.hasOtherWeights(embedder)) await dropFeatures(dataFolder.catalog(shared.dataDir), id);
      await choice.noteWeights(answering.embedder, embedder);
      const next = new Answering(model, embedder, await openCatalog(embedder.info), shared);
      try {
        const report = yield* reembed({ to: next.catalog, embedder, gate: shared.gate }, signal);
        // Load the catalog now. Otherwise the first query after the switch would wait for it.
        await readNow(next.catalog);
        if (untaught && (await this.#isTaught())) {
          const [name, successor] = [answering.model.entry.name, model.entry.name];
          throw new LookalikeError({ code: 'MODEL_TAUGHT_MEANWHILE', params: { name, successor } });
        }
        await publisher.forgetModel();
        await choice.remember(id);
        await this.#replace(next);
        this.#notReached.delete(id);
        return report;
      } finally {
        if (this.#answering !== next) await closed(next);
      }
    } finally {
      this.#switchingTo = null;
      release();
    }
  }

  /** Switches to the model that another process has switched to. */
  async follow(): Promise<void> {
    const { answering } = this;
    const { choice, providers, publisher, shared, openCatalog } = this.#parts;
    if (publisher.busy) return;
    const id = await choice.chosenElsewhere();
    if (id === null || id === answering.model.entry.id || publisher.busy) return;
    const release = publisher.occupy({ by: 'loading-model', model: null });
    try {
      const model = await choice.installed(id);
      const embedder = await providers.load(model);
      const next = new Answering(model, embedder, await openCatalog(embedder.info), shared);
      try {
        await readNow(next.catalog);
        await publisher.forgetModel();
        await this.#replace(next);
      } finally {
        if (this.#answering !== next) await closed(next);
      }
    } catch (error) {
      if (!(error instanceof LookalikeError)) throw error;
      choice.notice = standsIn(answering.model.entry.name, error);
    } finally {
      release();
    }
  }

  /** The providers of this machine, the processor first. */
  listProviders(): Promise<ProviderState[]> {
    return this.#parts.providers.list(this.answering.embedder);
  }

  /**
   * Tries a provider with the model in use, and uses it from then on if it works; see `Providers.choose`.
   * @throws LookalikeError CATALOG_BUSY, MODEL_*, STORAGE_FAILED
   */
  async useProvider(id: ProviderId): Promise<ProviderState[]> {
    const { providers, publisher, shared } = this.#parts;
    const { model, catalog, embedder: before } = this.answering;
    const release = publisher.occupy({ by: 'changing-provider', model: null });
    try {
      const embedder = await providers.choose(id, model, before);
      if (embedder !== before) await this.#replace(new Answering(model, embedder, catalog, shared));
    } finally {
      release();
    }
    return this.listProviders();
  }

  /**
   * Deletes an installed model and its table, with all snapshots in it.
   * @throws LookalikeError MODEL_*, CATALOG_BUSY, STORAGE_FAILED
   */
  async remove(id: string): Promise<void> {
    const { publisher, models, shared } = this.#parts;
    const release = publisher.occupy({ by: 'removing-model', model: null });
    try {
      await models.remove(id);
      await dropFeatures(dataFolder.catalog(shared.dataDir), id);
      await forgetIndex(shared.dataDir, id);
    } finally {
      release();
    }
  }

  /** Closes everything. Nothing may be asked of it after this call. */
  close(): Promise<void> {
    return closed(this.#answering);
  }

  /** Replaces everything in one step: the next query goes to the new model. */
  async #replace(next: Answering): Promise<void> {
    const last = this.#answering;
    this.#answering = next;
    this.#parts.onChange();
    await last.close();
    if (last.catalog !== next.catalog) await last.catalog.close();
  }
}

async function closed(answering: Answering): Promise<void> {
  await answering.close();
  await answering.catalog.close();
}

/** Loads the catalog. Otherwise the first query would wait for it. */
async function readNow(catalog: LiveCatalog): Promise<void> {
  using _snapshot = await catalog.searchable();
}
