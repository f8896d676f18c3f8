import type { FeedFormat, FeedMapping } from '../../contract/publishing.ts';
import type { Embedder } from '../model/embedder.ts';
import type { LiveCatalog } from '../snapshot/live-catalog.ts';
import type { PriorityGate } from '../work/priority-gate.ts';
import type { SyncMemory } from './memory.ts';

export interface SyncParts {
  catalog: LiveCatalog;
  embedder: Embedder;
  /** The models whose packs are accepted beside those of this one; their features are made here. */
  kin: readonly string[];
  gate: PriorityGate;
  memory: SyncMemory;
  /** The data folder, for temporary files of the sync. */
  dataDir: string;
}

/** A feed, and how it is read. */
export interface FeedRef {
  /** Absolute path or http(s) URL. */
  ref: string;
  /** Id of the saved source; empty for none. */
  sourceId: string;
  /** Whether this is the sample catalog. */
  sample: boolean;
  /** Name of its snapshots; default: the feed's own name. */
  name?: string;
  format?: FeedFormat;
  mapping?: FeedMapping;
  charset?: string;
  imageBase?: string;
  headers?: Record<string, string>;
}

export interface SyncOptions {
  /** Continue even if more than 30 % of the published products would be removed. */
  confirmRemovals: boolean;
  /** False leaves the work staged, for `publishStaged`. */
  publish: boolean;
  /** The sync runs on a schedule: it does not bring back a snapshot that someone has rolled back. */
  scheduled: boolean;
  /** Embed every picture again and reuse nothing of the published catalog. */
  afresh: boolean;
}
