import { join } from 'node:path';

/**
 * Where everything in the data folder lies: the one map of it. ARCHITECTURE.md ("What is in the data folder") says of each
 * who writes it and what follows when it is gone.
 */
export const dataFolder = {
  /** The Lance tables, and the notes about them. */
  catalog: (dataDir: string) => join(dataDir, 'catalog'),
  /** Installed models, a folder each. */
  models: (dataDir: string) => join(dataDir, 'models'),
  /** Saved sources and how each fared. */
  sources: (dataDir: string) => join(dataDir, 'sources.json'),
  /** What the last sync of each feed left. */
  sync: (dataDir: string) => join(dataDir, 'sync.json'),
  /** Which model answers. */
  modelInUse: (dataDir: string) => join(dataDir, 'model-in-use.json'),
  /** What runs models, and what was tried. */
  providers: (dataDir: string) => join(dataDir, 'providers.json'),
  /** How much colour counts in this catalog, by model. */
  calibration: (dataDir: string, modelId: string) => join(dataDir, `calibration-${modelId}.json`),
  /** The index of a large catalog, by model. */
  index: (dataDir: string, modelId: string) => join(dataDir, `index-${modelId}.bin`),
  /** Public keys of those whose packs are accepted; put there by the admin. */
  trustedKeys: (dataDir: string) => join(dataDir, 'trusted-keys'),
  /** Work in progress, a folder for each process. */
  temporary: (dataDir: string) => join(dataDir, 'tmp'),
};
