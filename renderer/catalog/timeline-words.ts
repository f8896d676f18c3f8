import type { SnapshotInfo } from '../../electron/contract/catalog.ts';
import { formatCount } from '../ui/format.ts';

export interface TimelineEntry {
  snapshot: SnapshotInfo;
  /** The one published before it; null for the oldest that is kept. */
  before: SnapshotInfo | null;
  /** What to lay beside what, the older first; null when there is nothing to compare with. */
  comparison: { from: number; to: number } | null;
}

/** Snapshots, newest first. Each is compared with the live one, and the live one with the one before it. */
export function timeline(snapshots: readonly SnapshotInfo[]): TimelineEntry[] {
  const live = snapshots.find((each) => each.live) ?? null;
  return snapshots.map((snapshot, index) => {
    const before = snapshots[index + 1] ?? null;
    const other = snapshot.live ? before : live;
    if (!other) return { snapshot, before, comparison: null };
    const [from, to] = snapshots.indexOf(other) > index ? [other, snapshot] : [snapshot, other];
    return { snapshot, before, comparison: { from: from.version, to: to.version } };
  });
}

function signed(difference: number): string {
  if (difference === 0) return '';
  return `${difference < 0 ? '−' : '+'}${formatCount(Math.abs(difference))}`;
}

/** How much more than its predecessor a snapshot has: "+22", "−4"; empty where nothing differs. */
export function deltas({ snapshot, before }: TimelineEntry): { products: string; images: string } {
  return {
    products: before ? signed(snapshot.products - before.products) : '',
    images: before ? signed(snapshot.images - before.images) : '',
  };
}
