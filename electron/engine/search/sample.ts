import type { Snapshot } from '../snapshot/snapshot.ts';
import type { ImageFeatures } from '../snapshot/style-pictures.ts';
import { fingerprint } from '../vectors/index-file.ts';

/** A deterministic sample of a catalog's pictures. */
export interface Sample {
  /** The first picture of some styles. */
  firsts: ImageFeatures[];
  /** Further pictures of some styles that have several. */
  views: ImageFeatures[];
}

/** Pictures that are offered between two pauses: about a millisecond of work. */
const AT_ONCE = 2000;

/**
 * Chooses pictures by a hash of their vectors. So the same catalog gives the same sample in whichever order its rows are
 * stored, and a catalog that has changed a little gives nearly the same. A picture that many styles share is chosen once.
 * @param counts at most how many of each
 * @param pause lets others have the thread
 */
export async function takeSample(
  snapshot: Snapshot,
  counts: { firsts: number; views: number },
  pause: () => Promise<void>,
): Promise<Sample> {
  const { styleCount, pictureCount } = snapshot;
  const firsts = new HashSample(counts.firsts, Math.min(styleCount, pictureCount));
  const views = new HashSample(counts.views, pictureCount - styleCount);
  let [before, offered] = ['', 0];
  for (const image of snapshot.images()) {
    if (++offered % AT_ONCE === 0) await pause();
    (image.styleId === before ? views : firsts).offer(image);
    before = image.styleId;
  }
  return { firsts: firsts.taken(), views: views.taken() };
}

/** So many numbers of a vector tell it from any other. */
const TELLING = 16;

/** Keeps the pictures with the lowest hashes. */
class HashSample {
  readonly #count: number;
  /** About twice as many hashes as are taken lie below this, so that few have to be kept and sorted. */
  readonly #highest: number;
  readonly #offered = new Map<number, ImageFeatures>();

  /** @param total about how many different pictures will be offered */
  constructor(count: number, total: number) {
    this.#count = count;
    this.#highest = (2 * count) / Math.max(1, total);
  }

  offer(image: ImageFeatures): void {
    const hash = fingerprint(image.vector.subarray(0, TELLING)) / 2 ** 53;
    if (hash >= this.#highest) return;
    const known = this.#offered.get(hash);
    if (!known || image.uid < known.uid) this.#offered.set(hash, image);
  }

  taken(): ImageFeatures[] {
    const inOrder = [...this.#offered].sort(([a], [b]) => a - b);
    return inOrder.slice(0, this.#count).map(([, image]) => image);
  }
}
