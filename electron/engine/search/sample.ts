import type { ImageFeatures, Snapshot } from '../snapshot/snapshot.ts';
import { fingerprint } from '../vectors/index-file.ts';

/** Images drawn by lot from a catalog. */
export interface Sample {
  /** The first image of some products. */
  firsts: ImageFeatures[];
  /** Further images of some products that have several. */
  views: ImageFeatures[];
}

/** Images offered between two pauses: about a millisecond. */
const AT_ONCE = 2000;

/**
 * The lot is in the picture, so that the same catalog gives the same sample however its rows came to be stored, and one
 * that has changed a little nearly the same.
 * @param counts at most how many of each
 * @param pause lets others have the thread
 */
export async function takeSample(
  snapshot: Snapshot,
  counts: { firsts: number; views: number },
  pause: () => Promise<void>,
): Promise<Sample> {
  const { products, images } = snapshot.info;
  const firsts = new Draw(counts.firsts, products);
  const views = new Draw(counts.views, images - products);
  let [before, offered] = ['', 0];
  for (const image of snapshot.images()) {
    if (++offered % AT_ONCE === 0) await pause();
    (image.productId === before ? views : firsts).offer(image);
    before = image.productId;
  }
  return { firsts: firsts.drawn(), views: views.drawn() };
}

/** Numbers of a vector that tell it from any other. */
const TELLING = 16;

/** The lowest lots. */
class Draw {
  readonly #count: number;
  /** About twice as many are below it as are drawn, so that few have to be kept in order. */
  readonly #highest: number;
  readonly #offered: { lot: number; image: ImageFeatures }[] = [];

  constructor(count: number, total: number) {
    this.#count = count;
    this.#highest = (2 * count) / Math.max(1, total);
  }

  offer(image: ImageFeatures): void {
    const lot = fingerprint(image.vector.subarray(0, TELLING)) / 2 ** 53;
    if (lot < this.#highest) this.#offered.push({ lot, image });
  }

  drawn(): ImageFeatures[] {
    const inOrder = this.#offered.sort(
      (a, b) => a.lot - b.lot || (a.image.productId < b.image.productId ? -1 : 1),
    );
    return inOrder.slice(0, this.#count).map(({ image }) => image);
  }
}
