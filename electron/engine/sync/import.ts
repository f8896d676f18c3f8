import type { ImportProgress, ImportReport } from '../../contract/schemas.ts';
import type { Catalog } from '../catalog/catalog.ts';
import type { StagedRow } from '../catalog/staging.ts';
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
    const feed = await readFeed(ref, signal);
    const stop = new AbortController();
    const either = AbortSignal.any([signal, stop.signal]);
    const stager = new ImageStager(staging, embedder, turns, meter, ref, either);
    yield* reportWhile(stager.stage(feed.products), meter, stop);

    meter.start('publishing', null);
    yield meter.now;
    const published = (await staging.differsFromLive()) ? await staging.publish(feed.name, ref) : null;
    return {
      source: ref,
      products: compareProducts(staging.published, staging.rows),
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

/** What readers will see to differ, product by product. */
function compareProducts(
  before: ReadonlyMap<string, StagedRow>,
  after: ReadonlyMap<string, StagedRow>,
): ImportReport['products'] {
  const was = contentByProduct(before);
  const is = contentByProduct(after);
  const unchanged = [...is].filter(([id, content]) => was.get(id) === content).length;
  const added = [...is.keys()].filter((id) => !was.has(id)).length;
  return {
    total: is.size,
    added,
    changed: is.size - added - unchanged,
    unchanged,
    removed: [...was.keys()].filter((id) => !is.has(id)).length,
  };
}

/** All that a product shows, its fields and its pictures in order, as one text to compare. */
function contentByProduct(rows: ReadonlyMap<string, StagedRow>): Map<string, string> {
  const products = new Map<string, string>();
  for (const row of [...rows.values()].sort((a, b) => (a.key < b.key ? -1 : 1))) {
    const { productId, rowHash, imageHash } = row;
    products.set(productId, `${products.get(productId) ?? ''}${rowHash} ${imageHash} `);
  }
  return products;
}

/** Yields the meter's state until the work ends, and ends as it does. Left early, it stops the work and waits for it. */
async function* reportWhile(
  work: Promise<void>,
  meter: ProgressMeter,
  stop: AbortController,
): AsyncGenerator<ImportProgress, void> {
  let ended = false;
  const end = work.finally(() => {
    ended = true;
  });
  // Looked at last; a failure must not count as unhandled before that.
  end.catch(() => {});
  try {
    while (!ended) {
      let timer: NodeJS.Timeout | undefined;
      const tick = new Promise((resolve) => {
        timer = setTimeout(resolve, PROGRESS_EVERY_MS);
      });
      await Promise.race([end.catch(() => {}), tick]);
      clearTimeout(timer);
      yield meter.now;
    }
  } finally {
    stop.abort();
    await end.catch(() => {});
  }
  await end;
}
