import type { SnapshotInfo } from '../../electron/contract/catalog.ts';
import { formatCount } from '../ui/format.ts';

export interface TimelineEntry {
  snapshot: SnapshotInfo;
  /** What was live when it was published; null for the first, and where that is no longer kept. */
  before: SnapshotInfo | null;
  /** `before` is another one than the row below: one was gone back to, and this was published after that. */
  branched: boolean;
  /** What to lay beside what, the older first; null when there is nothing to compare with. */
  comparison: { from: number; to: number } | null;
}

/** Snapshots, newest first. Each is compared with the live one, and the live one with what it replaced. */
export function timeline(snapshots: readonly SnapshotInfo[]): TimelineEntry[] {
  const live = snapshots.find((each) => each.live) ?? null;
  return snapshots.map((snapshot, index) => {
    const below = snapshots[index + 1] ?? null;
    // Earlier releases did not note what was replaced: then it is taken to be the one below.
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

/** Names of the sources that a snapshot no longer has products of, beside what it replaced. */
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

/** How much more than what it replaced a snapshot has: "+22", "−4"; empty where nothing differs. */
export function deltas({ snapshot, before }: TimelineEntry): { products: string; images: string } {
  return {
    products: before ? signed(snapshot.products - before.products) : '',
    images: before ? signed(snapshot.images - before.images) : '',
  };
}
