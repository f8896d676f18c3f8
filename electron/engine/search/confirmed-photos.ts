import type { Searchable } from '../snapshot/searchable.ts';
import type { Given } from './feedback.ts';
import type { PhotoFeatures } from './feedback-entries.ts';
import { dot } from './scales.ts';
import { deviationOf, meanOf } from './statistics.ts';

/** With fewer confirmed photos, or photos of fewer products, there is no telling what an ordinary one is. */
const LEAST_PHOTOS = 10;
const LEAST_PRODUCTS = 5;
/**
 * The newest photos of one product that count: of fifty, one is like any photo, and the product would come first for all. More than
 * eight gain nothing (bench/README.md).
 */
const MOST_OF_ONE = 8;
/**
 * What a confirmed photo says counts so many deviations less than what a picture says. Without it, photos of products that nobody has
 * confirmed lose a third of their first places to products that somebody has; with it, a tenth (bench/README.md).
 */
const LESS = 0.25;

/** What the confirmed photos of a style say for it. */
export interface Confirmation {
  /** The confirmed product. */
  uid: string;
  /** How alike the query and its photos are, in deviations above the ordinary, as `Evidence.visual`. */
  visual: number;
}

/** A photo of which a product of the catalog was said to be its own. */
export interface ConfirmedPhoto extends PhotoFeatures {
  /** See `photoName`. */
  photo: string;
  uid: string;
  styleId: string;
}

/**
 * The photos of which products of one snapshot were said to be theirs. Each counts as a further picture of its product. Photos are
 * more like each other than they are like the catalog's pictures, so a confirmed one is measured against the other confirmed ones: by
 * how many deviations its similarity is above the mean of the products.
 */
export class ConfirmedPhotos {
  readonly photos: readonly ConfirmedPhoto[];
  /** Photos whose product the snapshot does not have. */
  readonly gone: number;

  private constructor(photos: readonly ConfirmedPhoto[], gone: number) {
    this.photos = photos;
    this.gone = gone;
  }

  /** @param given oldest first */
  static async in(snapshot: Searchable, given: readonly Given[]): Promise<ConfirmedPhotos> {
    const confirmed = given.flatMap(({ product, photo, features }) =>
      product !== null && features ? [{ photo, uid: product, ...features }] : [],
    );
    const found = await snapshot.neighbours([...new Set(confirmed.map(({ uid }) => uid))], null);
    const styles = new Map(found.map(({ uid, styleId }) => [uid, styleId]));
    const present: ConfirmedPhoto[] = [];
    const counts = new Map<string, number>();
    let gone = 0;
    for (const each of confirmed.toReversed()) {
      const styleId = styles.get(each.uid);
      if (styleId === undefined) gone++;
      const count = counts.get(styleId ?? '') ?? 0;
      if (styleId === undefined || count >= MOST_OF_ONE) continue;
      counts.set(styleId, count + 1);
      present.push({ ...each, styleId });
    }
    return new ConfirmedPhotos(present, gone);
  }

  get products(): number {
    return new Set(this.photos.map(({ styleId }) => styleId)).size;
  }

  /**
   * What they say of a query; empty while they are too few.
   * @param vector of the query, unit length
   * @param except photos that do not count: the query's own
   * @param common what was taken out of the query's vector, which is taken out of theirs too
   */
  speak(
    vector: Float32Array,
    except: readonly string[],
    common: Float32Array | null = null,
  ): ReadonlyMap<string, Confirmation> {
    const others = this.photos.filter(({ photo }) => !except.includes(photo));
    const similarities = similaritiesTo(vector, others, common);
    const styles = new Map<string, { uid: string; most: number; all: number[] }>();
    for (const [i, { styleId, uid }] of others.entries()) {
      const value = similarities[i] ?? 0;
      const style = styles.get(styleId) ?? { uid, most: value, all: [] };
      style.most = Math.max(style.most, value);
      style.all.push(value);
      styles.set(styleId, style);
    }
    if (others.length < LEAST_PHOTOS || styles.size < LEAST_PRODUCTS) return new Map();
    const ordinary = meanOf([...styles.values()].map(({ all }) => meanOf(all)));
    const deviation = Math.max(deviationOf(similarities), LEAST_DEVIATION);
    return new Map(
      [...styles].map(([styleId, { uid, most }]) => [
        styleId,
        { uid, visual: (most - ordinary) / deviation - LESS },
      ]),
    );
  }
}

/** Where all photos are the same one, every difference would be infinitely many deviations. */
const LEAST_DEVIATION = 1e-4;

/** Of a query that `common` was taken out of, and photos without it: the cosines of v and (p - c) / |p - c|. */
function similaritiesTo(
  vector: Float32Array,
  photos: readonly ConfirmedPhoto[],
  common: Float32Array | null,
): number[] {
  if (!common) return photos.map((photo) => dot(vector, photo.vector));
  const [ofQuery, square] = [dot(vector, common), dot(common, common)];
  return photos.map((photo) => {
    const length = Math.sqrt(Math.max(0, 1 - 2 * dot(photo.vector, common) + square));
    return (dot(vector, photo.vector) - ofQuery) / Math.max(length, Number.MIN_VALUE);
  });
}
