import type { SnapshotInfo } from '../../electron/contract/catalog.ts';
import { formatCount } from '../ui/format.ts';

export interface TimelineEntry {
  snapshot: SnapshotInfo;
  /** The snapshot that was live when it was published; null for the first one, and when that is no longer kept. */
  before: SnapshotInfo | null;
  /** Whether `before` is another snapshot than the row below: it was published after a rollback. */
  branched: boolean;
  /** The versions to compare, the older one first; null when there is nothing to compare with. */
  comparison: { from: number; to: number } | null;
}

/** Snapshots, newest first. Each is compared with the live one, and the live one with the one that it replaced. */
export function timeline(snapshots: readonly SnapshotInfo[]): TimelineEntry[] {
  const live = snapshots.find((each) => each.live) ?? null;
  return snapshots.map((snapshot, index) => {
    const below = snapshots[index + 1] ?? null;
    // Earlier releases did not note what was replaced. Then it is assumed to be the snapshot below.
    const { replaced } = snapshot;
    const before =
      replaced === null ? below : (snapshots.find(({ version }) => version === replaced) ?? null);
    const branched = replaced !== null && replaced !== below?.version;
    const other = snapshot.live ? before : live;
    if (!other) return { snapshot, before, branched, comparison: null };
    const [from, to] = snapshots.indexOf(other) > index ? [other, snapshot] : [snapshot, other];
    return { snapshot, before, branched, comparison: { from: from.version, to: to.version } };
  });
}

/** Names of the sources that have no products any more, compared with the snapshot that it replaced. */
export function sourcesGone({ snapshot, before }: TimelineEntry): string[] {
  const { sources } = snapshot;
  if (!sources) return [];
  const gone = before?.sources?.filter(({ id }) => !sources.some((kept) => kept.id === id)) ?? [];
  return gone.map(({ name }) => name);
}

function signed(difference: number): string {
  if (difference === 0) return '';
  return `${difference < 0 ? '−' : '+'}${formatCount(Math.abs(difference))}`;
}

/** The differences to the snapshot that it replaced: "+22", "−4"; empty when there are none. */
export function deltas({ snapshot, before }: TimelineEntry): { products: string; images: string } {
  return {
    products: before ? signed(snapshot.products - before.products) : '',
    images: before ? signed(snapshot.images - before.images) : '',
  };
}
