import { stat } from 'node:fs/promises';
import type { CatalogModel } from './catalog/catalog.ts';
import { bringForward } from './catalog/migrate.ts';
import { CatalogHealth } from './catalog-health.ts';
import { Clients } from './clients/clients.ts';
import { Comparisons } from './compare/comparisons.ts';
import type { PrintPdf } from './compare/export/export.ts';
import { Engine, Watchers } from './engine.ts';
import { removeUnfinishedWrites } from './files/changes.ts';
import { dataFolder } from './files/data-folder.ts';
import { requireHardLinks, requirePlace } from './files/data-place.ts';
import { SubjectModels } from './model/subject.ts';
import { Answering } from './models/answering.ts';
import type { RunProof } from './models/install/proof.ts';
import { restoreReplaced } from './models/install/stage.ts';
import { ModelStore } from './models/install/store.ts';
import { ModelChoice } from './models/model-choice.ts';
import { ModelInUse } from './models/model-in-use.ts';
import { Providers } from './models/providers.ts';
import { Publisher } from './publish/publisher.ts';
import type { MemoryLimit } from './snapshot/answer-choice.ts';
import { LiveCatalog } from './snapshot/live-catalog.ts';
import { UseCounts } from './use/use-counts.ts';
import { PriorityGate } from './work/priority-gate.ts';

export interface EngineOptions {
  /** The folder of the catalog and installed models; created when missing. */
  dataDir: string;
  /** Folders of models with a manifest.json, in order of preference. */
  modelRoots: string[];
  /** The feed of the sample catalog that ships with the app. */
  sampleFeed: string;
  /** The memory that the catalog may take before LanceDB searches it on disk. Default: a quarter of the machine's memory. */
  memory?: MemoryLimit;
  /** Default: the model in use, or else the one of the published catalog, or else the best one installed. */
  modelId?: string;
  /** Use another model, with a notice in the status, when that one is missing or altered. Default: throw. */
  fallBack?: boolean;
  /** How a model is proved in a separate process; see `ModelStoreOptions`. */
  runProof?: RunProof;
  /** How a comparison's report is printed to a PDF. Default: it is not. */
  printPdf?: PrintPdf;
  /** Receives the progress of migrating an earlier version's catalog, in pictures and rows. */
  onUpgrade?: (done: number, total: number) => void;
  /** Stops opening during a migration. The next opening continues it. */
  signal?: AbortSignal;
  /** The value of a saved source's secret header, for the origin that it would be sent to. Default: there are no secrets. */
  secretOf?: (sourceId: string, origin: string) => Promise<string | null>;
}

/**
 * Refuses a data folder that cannot hold a catalog before anything is written there, and cleans up after killed processes.
 * An existing catalog is searched on any drive, because only writing needs hard links (see `lockCatalog`).
 */
async function prepare(dataDir: string): Promise<void> {
  await requirePlace(dataDir);
  const catalog = dataFolder.catalog(dataDir);
  if ((await stat(catalog).catch(() => null)) === null) await requireHardLinks(catalog);
  await removeUnfinishedWrites(dataDir);
  await restoreReplaced(dataFolder.models(dataDir));
}

/**
 * Opens an engine: chooses and loads the model, opens the catalog, and connects the parts.
 * @throws LookalikeError DATA_FOLDER_UNUSABLE, MODEL_*, MANIFEST_INVALID, CATALOG_UNREADABLE, CATALOG_TOO_NEW,
 * CATALOG_NEEDS_SPACE, CANCELLED
 */
export async function openEngine(options: EngineOptions): Promise<Engine> {
  const { dataDir, modelRoots, modelId, fallBack = false, sampleFeed, secretOf = async () => null } = options;
  const uri = dataFolder.catalog(dataDir);
  const gate = new PriorityGate();
  await prepare(dataDir);
  const providers = await Providers.open(dataDir, gate);
  const choice = await ModelChoice.open({ dataDir, modelRoots });
  // Before the catalog is opened: the model in use decides which snapshot stays live.
  await bringForward(uri, {
    modelInUse: choice.chosen,
    ...(options.onUpgrade && { onProgress: options.onUpgrade }),
    ...(options.signal && { signal: options.signal }),
  });
  const { model, embedder } = await choice.load(modelId, fallBack, providers);
  const watchers = new Watchers();
  const openCatalog = (of: CatalogModel) =>
    LiveCatalog.open(uri, of, {
      pause: () => gate.giveWay(),
      onChange: watchers.tell,
      memory: options.memory ?? {},
    });
  const catalog = await openCatalog(embedder.info);
  const subjectModels = new SubjectModels(modelRoots);
  const shared = { gate, dataDir, subjectModels };
  const answering = () => modelInUse.answering;
  const onChange = watchers.tell;
  const publisher = await Publisher.open({ dataDir, sampleFeed, secretOf, onChange }, () => ({
    catalog: answering().catalog,
    embedder: answering().embedder,
    kin: modelInUse.kin,
    gate,
  }));
  const models = new ModelStore({
    folder: dataFolder.models(dataDir),
    roots: modelRoots,
    inUse: async () => answering().embedder.info.id,
    ...(options.runProof && { runProof: options.runProof }),
  });
  const first = new Answering(model, embedder, catalog, shared);
  const parts = { choice, providers, publisher, models, shared, openCatalog, onChange };
  const modelInUse = new ModelInUse(first, parts);
  const health = new CatalogHealth({ uri, catalog: () => answering().catalog, gate, onChange });
  const [clients, useCounts, comparisons] = await Promise.all([
    Clients.open(dataDir),
    UseCounts.open(dataDir),
    Comparisons.open({
      dataDir,
      gate,
      answering,
      ...(options.printPdf && { printPdf: options.printPdf }),
    }),
  ]);
  const opened = { publisher, models, modelInUse, subjectModels, watchers, health, clients };
  return new Engine({ ...opened, comparisons, useCounts, dataDir });
}
