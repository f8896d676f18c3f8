import type { ImportReport } from '../../contract/publishing.ts';
import { ownershipOf } from '../catalog/sources.ts';
import { checkRemovals, feedEmpty } from './gates.ts';
import { ProblemLog } from './problem-log.ts';
import type { SyncParts } from './request.ts';

/**
 * Publishes what is staged, through the same gates as a sync.
 * @returns null when readers see everything already
 * @throws LookalikeError GATE_REMOVALS, FEED_EMPTY, CATALOG_BUSY, STORAGE_FAILED
 */
export async function publishStaged(
  { catalog, memory }: SyncParts,
  confirmRemovals: boolean,
): Promise<ImportReport['published']> {
  const staged = memory.staged;
  if (!staged) return null;
  const { name, ref, sourceId, sample } = staged;
  const staging = await catalog.stage({ owned: (live) => ownershipOf(sourceId, ref, live) });
  try {
    if (!staging.differsFromLive()) return null;
    const { total, added, removed } = staging.changes();
    if (total === 0) throw feedEmpty(new ProblemLog());
    if (!confirmRemovals) checkRemovals(removed, total - added + removed);
    const published = await staging.publish(name, ref, null, [{ id: sourceId, name, ref, sample }]);
    await memory.noteStaged(null);
    return published;
  } finally {
    await staging.close();
  }
}
