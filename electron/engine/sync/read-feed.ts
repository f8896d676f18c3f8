import { LookalikeError } from '../../contract/errors.ts';
import type { ImportProgress, ImportReport } from '../../contract/publishing.ts';
import type { Ownership } from '../catalog/sources.ts';
import { type OpenFeed, openFeed } from '../feed/feed.ts';
import { isUrl } from '../feed/resource.ts';
import { askedWaitMs } from '../net/failure.ts';
import type { LiveCatalog } from '../snapshot/live-catalog.ts';
import type { ProgressMeter } from '../work/progress-meter.ts';
import { watched } from '../work/watched.ts';
import { PlanBuilder } from './plan.ts';
import { ProblemLog } from './problem-log.ts';
import type { FeedRef } from './request.ts';
import type { Spool } from './spool.ts';
import type { Waits } from './waits.ts';

/** A feed that was read to its end. */
export interface ReadFeed {
  /** What the feed would change. */
  plan: ReturnType<PlanBuilder['finish']>;
  problems: ProblemLog;
  /** Names of the columns that no product field is read from. */
  unused: string[];
}

/** Opens a feed. The progress shows when the sync waits for the feed's server. */
export function openWaiting(
  request: FeedRef,
  validator: string | null,
  { meter, waits }: { meter: ProgressMeter; waits: Waits },
  signal: AbortSignal,
): AsyncGenerator<ImportProgress, OpenFeed | 'unchanged'> {
  return watched(meter, signal, (stop) =>
    openFeed(request.ref, {
      ...request,
      validator,
      signal: stop,
      wait: (host, until) => waits.until(host, until, stop),
    }),
  );
}

/** The `toCome` of a report when the feed's own server asks to wait longer than a sync waits; null for other errors. */
export function feedToCome(error: unknown, waits: Waits): ImportReport['toCome'] | null {
  if (!(error instanceof LookalikeError) || error.code !== 'FEED_UNREACHABLE') return null;
  const waitMs = askedWaitMs(error.cause);
  if (waitMs === null || !error.item || !isUrl(error.item)) return null;
  const retryAt = waits.retryAt(Date.now() + waitMs, false);
  return { pictures: 0, hosts: [new URL(error.item).host], retryAt, feed: true };
}

/** Reads the whole feed, into the spool if there is one, and compares it with the published catalog. */
export async function readAll(
  feed: OpenFeed,
  {
    catalog,
    spool,
    own,
    sourceId,
  }: { catalog: LiveCatalog; spool: Spool | null; own: Ownership | null; sourceId: string },
  meter: ProgressMeter,
  signal: AbortSignal,
): Promise<ReadFeed> {
  meter.start('reading', null);
  // Compare with the published snapshot, even while an older one still answers: removals are counted against the published
  // one.
  await catalog.caughtUp();
  using snapshot = await catalog.products();
  const builder = new PlanBuilder(snapshot, own, sourceId);
  const problems = new ProblemLog();
  const unused = new Set<string>();
  for await (const item of feed.items) {
    if (signal.aborted) throw new LookalikeError('CANCELLED');
    for (const problem of item.problems) {
      problems.add(problem);
      if (problem.code === 'COLUMN_UNUSED') unused.add(problem.params.column);
    }
    if (!item.product) continue;
    builder.add(item.product);
    await spool?.add(item.product);
    meter.advance();
  }
  return { plan: builder.finish(), problems, unused: [...unused].sort() };
}
