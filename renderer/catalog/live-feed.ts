import type { Snapshot, SnapshotSource } from '../../electron/contract/catalog.ts';
import type { FeedSource, SourceStatus } from '../../electron/contract/publishing.ts';
import { useConnection } from '../engine/connection.ts';
import { useSnapshots } from './snapshots.ts';
import { feedOf } from './source-list.tsx';
import { useSources } from './sources.ts';
import type { Feed } from './sync.ts';

/** A source with products in the catalog, and the feed to import them again from; null when it is unknown. */
export interface LiveSource extends SnapshotSource {
  feed: Feed | null;
}

/** The sources of the catalog, the one that was published last first. */
export function useLiveSources(): readonly LiveSource[] {
  const live = useConnection((state) => state.status?.snapshot);
  // When no snapshot is intact, the one that was published last.
  const newest = useSnapshots((state) => state.snapshots?.[0]);
  const saved = useSources((state) => state.sources);
  const snapshot = live ?? newest;
  if (!snapshot) return [];
  return sourcesOf(snapshot).map((source) => ({ ...source, feed: feedOfLive(source, saved ?? []) }));
}

/** The sources of a snapshot, the one that was published last first. */
export function sourcesOf(snapshot: Snapshot): readonly SnapshotSource[] {
  const { version, name, source: ref, products, images, sources } = snapshot;
  // A snapshot from before there were several sources has only one.
  const only = { id: '', name, ref, sample: false, products, images, version };
  return [...(sources ?? [only])].sort((a, b) => b.version - a.version);
}

/** The feed that a source's products can be imported again from; null when it is unknown. */
export function feedOfLive(
  { id, name, ref, sample }: SnapshotSource,
  saved: readonly SourceStatus[],
): Feed | null {
  const byId = saved.find(({ source }) => source.id === id);
  const known = byId ?? saved.find(({ source }) => id === '' && addressOf(source.location) === ref);
  if (known) return feedOf(known);
  if (sample) return { name, request: { source: { kind: 'sample' } } };
  if (ref === '') return null;
  const source: FeedSource = /^https?:\/\//i.test(ref)
    ? { kind: 'url', url: ref }
    : { kind: 'file', path: ref };
  return { name, request: { source } };
}

function addressOf(location: FeedSource): string | null {
  if (location.kind === 'url') return location.url;
  return location.kind === 'file' ? location.path : null;
}
