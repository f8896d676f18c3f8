import type { ImageFeatures, Snapshot } from '../catalog/snapshot.ts';

/** Images spread evenly through a catalog. */
export interface Sample {
  /** The first image of some products. */
  firsts: ImageFeatures[];
  /** Further images of some products that have several. */
  views: ImageFeatures[];
}

/** @param counts at most how many of each */
export function takeSample(snapshot: Snapshot, counts: { firsts: number; views: number }): Sample {
  const { products, images } = snapshot.info;
  const isDue = {
    firsts: everyNth(products, counts.firsts),
    views: everyNth(images - products, counts.views),
  };
  const sample: Sample = { firsts: [], views: [] };
  let before = '';
  for (const image of snapshot.images()) {
    const kind = image.productId === before ? 'views' : 'firsts';
    before = image.productId;
    if (isDue[kind]()) sample[kind].push(image);
  }
  return sample;
}

/** True `count` times in `total` calls, at even distances. */
function everyNth(total: number, count: number): () => boolean {
  const step = Math.max(1, total / count);
  let calls = 0;
  let next = 0;
  return () => {
    if (calls++ < Math.floor(next)) return false;
    next += step;
    return true;
  };
}
