import { create } from 'zustand';
import type { FeedRequest } from '../../electron/contract/publishing.ts';
import { type Draft, draftOf, draftOfFeed } from './source-draft.ts';
import { useSources } from './sources.ts';

/** What the middle of the Catalog screen shows. */
export type CatalogPane =
  | { kind: 'sync' }
  | { kind: 'source'; draft: Draft }
  /** Versions of two snapshots, the older one first. */
  | { kind: 'comparison'; from: number; to: number };

export const useCatalogPane = create<{ pane: CatalogPane }>(() => ({ pane: { kind: 'sync' } }));

export function openPane(pane: CatalogPane): void {
  useCatalogPane.setState({ pane });
}

/** Opens the editor for a feed's source, or for a new source with this feed. */
export function editSource(feed: FeedRequest): void {
  const saved = useSources.getState().sources?.find((each) => each.source.id === feed.sourceId);
  openPane({ kind: 'source', draft: saved ? draftOf(saved.source) : draftOfFeed(feed) });
}
