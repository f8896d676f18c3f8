import type { ImportProgress, SyncPlan } from '../../contract/publishing.ts';
import { ownershipOf } from '../catalog/sources.ts';
import { ProgressMeter } from '../work/progress-meter.ts';
import { watched } from '../work/watched.ts';
import { openWaiting, readAll } from './read-feed.ts';
import type { FeedRef, SyncParts } from './request.ts';
import { Waits } from './waits.ts';

/**
 * Plans a sync: what it would change. Stages nothing and fetches no picture.
 * @throws LookalikeError FEED_*, CATALOG_UNREADABLE, CANCELLED
 */
export async function* planSync(
  parts: SyncParts,
  request: FeedRef,
  signal: AbortSignal,
): AsyncGenerator<ImportProgress, SyncPlan> {
  const meter = new ProgressMeter();
  const feed = yield* openWaiting(request, null, { meter, waits: new Waits(meter) }, signal);
  // No validator was sent, so the feed cannot be "unchanged".
  if (feed === 'unchanged') throw new Error('an unasked "unchanged"');
  const { ref, sourceId } = request;
  const own = ownershipOf(sourceId, ref, await parts.catalog.liveInfo());
  const into = { catalog: parts.catalog, spool: null, own, sourceId };
  const read = yield* watched(meter, signal, (stop) => readAll(feed, into, meter, stop));
  const perImage = parts.memory.secondsPerImage;
  if (feed.paged) {
    read.problems.add({ item: ref, image: null, code: 'FEED_PAGED', params: feed.paged });
  }
  return {
    source: ref,
    sourceId,
    name: request.name ?? feed.name,
    format: feed.format,
    pack: null,
    ...read.problems.report(),
    secondsEstimate: perImage === null ? null : perImage * read.plan.pictures.toFetch,
    ...read.plan,
  };
}
