import type { ImportProgress, ImportReport } from '../../contract/schemas.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { readFeed } from '../feed/feed.ts';
import type { Embedder } from '../model/embedder.ts';
import type { Turns } from '../model/turns.ts';
import { ProgressMeter } from './progress.ts';
import { ImageStager } from './stager.ts';

const PROGRESS_EVERY_MS = 250;

export interface ImportParts {
  catalog: Catalog;
  embedder: Embedder;
  turns: Turns;
}

/**
 * Brings the catalog to what the feed says: new and changed pictures are read and embedded, what is known by its hash
 * is reused, what the feed no longer has goes. Everything is staged and then published in one step. Cancelled or killed
 * in between, the published catalog is as it was, and the next import finds the staged work and goes on from there.
 * @param ref absolute path or http(s) URL of the feed
 * @returns the report, after progress about four times a second
 * @throws LookalikeError FEED_*, CATALOG_BUSY, STORAGE_FAILED, CANCELLED
 */
export async function* importFeed(
  { catalog, embedder, turns }: ImportParts,
  ref: string,
  signal: AbortSignal,
): AsyncGenerator<ImportProgress, ImportReport> {
  const started = performance.now();
  const meter = new ProgressMeter();
  meter.start('reading', null);
  yield meter.now;
  const staging = await catalog.stage();
  try {
    const before = new Set([...staging.rows.values()].map((row) => row.productId));
    const feed = await readFeed(ref, signal);
    const stager = new ImageStager(staging, embedder, turns, meter, signal);
    yield* reportWhile(stager.stage(feed.products), meter);

    meter.start('publishing', null);
    yield meter.now;
    const published = (await staging.differsFromLive()) ? await staging.publish(feed.name, ref) : null;
    const after = new Set([...staging.rows.values()].map((row) => row.productId));
    const added = [...after].filter((id) => !before.has(id)).length;
    const changed = [...stager.changed].filter((id) => before.has(id) && after.has(id)).length;
    return {
      source: ref,
      products: {
        total: after.size,
        added,
        changed,
        unchanged: after.size - added - changed,
        removed: [...before].filter((id) => !after.has(id)).length,
      },
      images: {
        total: staging.rows.size,
        embedded: stager.embedded,
        reused: staging.rows.size - stager.embedded,
      },
      problems: [...feed.problems, ...stager.problems],
      seconds: (performance.now() - started) / 1000,
      published,
    };
  } finally {
    await staging.close();
  }
}

/** Yields the meter's state until the work ends, and ends as it does. */
async function* reportWhile(work: Promise<void>, meter: ProgressMeter): AsyncGenerator<ImportProgress, void> {
  let ended = false;
  const end = work.finally(() => {
    ended = true;
  });
  // The loop below looks at the same promise last; a failure must not count as unhandled before that.
  end.catch(() => {});
  while (!ended) {
    let timer: NodeJS.Timeout | undefined;
    const tick = new Promise((resolve) => {
      timer = setTimeout(resolve, PROGRESS_EVERY_MS);
    });
    await Promise.race([end.catch(() => {}), tick]);
    clearTimeout(timer);
    yield meter.now;
  }
  await end;
}
