import type { Snapshot } from '../../contract/catalog.ts';
import type { ImportReport } from '../../contract/publishing.ts';
import { sourcesOf } from '../catalog/sources.ts';
import type { FeedRef } from './request.ts';

/** The report of a sync whose feed has not changed. */
export function nothingChanged(
  { ref, sourceId }: Pick<FeedRef, 'ref' | 'sourceId'>,
  live: Snapshot | null,
  started: number,
): ImportReport {
  const { products = 0, images = 0 } = sourcesOf(live).find(({ id }) => id === sourceId) ?? {};
  return {
    source: ref,
    sourceId,
    products: { total: products, added: 0, changed: 0, unchanged: products, removed: 0 },
    images: { total: images, embedded: 0, reused: images },
    problems: [],
    seconds: (performance.now() - started) / 1000,
    published: null,
  };
}
