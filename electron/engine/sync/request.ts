import type { FeedFormat, FeedMapping } from '../../contract/publishing.ts';
import type { Embedder } from '../model/embedder.ts';
import type { LiveCatalog } from '../snapshot/live-catalog.ts';
import type { PriorityGate } from '../work/priority-gate.ts';
import type { SyncMemory } from './memory.ts';

export interface SyncParts {
  catalog: LiveCatalog;
  embedder: Embedder;
  gate: PriorityGate;
  memory: SyncMemory;
  /** For what a sync needs on disk while it runs. */
  dataDir: string;
}

/** What to read, and how. */
export interface FeedRef {
  /** Absolute path or http(s) URL. */
  ref: string;
  /** Of the saved source that it is; empty for none. */
  sourceId: string;
  /** It is the sample catalog. */
  sample: boolean;
  /** What to call its snapshots; left out: as the feed calls itself. */
  name?: string;
  format?: FeedFormat;
  mapping?: FeedMapping;
  charset?: string;
  imageBase?: string;
  headers?: Record<string, string>;
}

export interface SyncOptions {
  /** Go on although more than 30 % of the published products would be removed. */
  confirmRemovals: boolean;
  /** False leaves the work staged, for `publishStaged`. */
  publish: boolean;
  /** Nobody asked for it just now: what someone has rolled back is not brought back. */
  scheduled: boolean;
  /** Embed every picture again, and take nothing over from what is published. */
  afresh: boolean;
}
