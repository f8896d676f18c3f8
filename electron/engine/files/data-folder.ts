import { join } from 'node:path';

/**
 * The paths of everything in the data folder. ARCHITECTURE.md ("What is in the data folder") says who writes each file and
 * what happens when the file is missing.
 */
export const dataFolder = {
  /** The Lance tables, and the notes about them. */
  catalog: (dataDir: string) => join(dataDir, 'catalog'),
  /** Comparisons, a folder each. */
  comparisons: (dataDir: string) => join(dataDir, 'comparisons'),
  /** Pairs of a competitor's picture and a product that are no match in any comparison, a file for each picture. */
  rejectedPairs: (dataDir: string) => join(dataDir, 'rejected-pairs'),
  /** Installed models, a folder each. */
  models: (dataDir: string) => join(dataDir, 'models'),
  /** Saved sources, each with the outcome of its last sync. */
  sources: (dataDir: string) => join(dataDir, 'sources.json'),
  /** What the last sync of each feed noted for the next one. */
  sync: (dataDir: string) => join(dataDir, 'sync.json'),
  /** The model that searches use. */
  modelInUse: (dataDir: string) => join(dataDir, 'model-in-use.json'),
  /** The chosen provider, and the providers that were tried. */
  providers: (dataDir: string) => join(dataDir, 'providers.json'),
  /** How much colour counts in this catalog, by model. */
  calibration: (dataDir: string, modelId: string) => join(dataDir, `calibration-${modelId}.json`),
  /** What the photos that were searched with have in common, by model. */
  queryMemory: (dataDir: string, modelId: string) => join(dataDir, `photos-${modelId}.json`),
  /** What was said of photos, by model. */
  feedback: (dataDir: string, modelId: string) => join(dataDir, `feedback-${modelId}.jsonl`),
  /** How often this machine was asked, by day. */
  use: (dataDir: string) => join(dataDir, 'use.jsonl'),
  /** The index of a large catalog, by model. */
  index: (dataDir: string, modelId: string) => join(dataDir, `index-${modelId}.bin`),
  /** The products that programs add, as a feed with its pictures. */
  api: (dataDir: string) => join(dataDir, 'api'),
  /** Whether the local server is on, its port, and its clients with the hashes of their tokens. */
  server: (dataDir: string) => join(dataDir, 'server.json'),
  /** This computer's own certificate and its key, for the page that a phone opens. */
  phoneCertificate: (dataDir: string) => join(dataDir, 'phone-certificate.pem'),
  /** Where the local server answers when it does not answer at a port. */
  socket: (dataDir: string) => join(dataDir, 'programs.sock'),
  /** The shop's own words that mean the same. The admin writes it. */
  synonyms: (dataDir: string) => join(dataDir, 'synonyms.txt'),
  /** Public keys of the publishers whose packs are accepted. The admin puts them there. */
  trustedKeys: (dataDir: string) => join(dataDir, 'trusted-keys'),
  /** Work in progress, a folder for each process. */
  temporary: (dataDir: string) => join(dataDir, 'tmp'),
};
