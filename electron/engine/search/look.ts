import { LRUCache } from 'lru-cache';
import { LookalikeError } from '../../contract/errors.ts';
import type { CropBox, PhotoFacts, Ranking } from '../../contract/search.ts';
import { colorSignature } from '../images/color.ts';
import { readPhotoPixels } from '../images/photo.ts';
import { squaresAlong } from '../images/squares.ts';
import { subjectBox } from '../images/subject-box.ts';
import type { Embedder } from '../model/embedder.ts';
import type { SubjectModels } from '../model/subject.ts';
import { toColorBytes } from '../snapshot/color-bytes.ts';
import type { Searchable } from '../snapshot/searchable.ts';
import type { Clock } from './clock.ts';
import type { QueryPhoto } from './query.ts';

/** What of a picture is compared with the catalog's. */
export interface Look {
  vector: Float32Array;
  /** See `colorSimilarity`. */
  colors: Uint8Array;
  /** The part of a photo that was looked at; null is all of it. */
  crop: Ranking['crop'];
}

/** What was seen of a query's picture. */
export interface Looked {
  /** All of it, or the crop that was asked for. */
  whole: Look;
  /** Parts that may be clearer: the subject's, and the squares along a very wide or tall photo. */
  parts: readonly Look[];
  photo: PhotoFacts;
}

/**
 * A catalog product's first image as it is kept.
 * @throws LookalikeError PRODUCT_UNKNOWN
 */
export async function lookOfProduct(productId: string, snapshot: Searchable): Promise<Look> {
  const [first] = await snapshot.product(productId);
  if (!first) throw new LookalikeError('PRODUCT_UNKNOWN', { item: productId });
  return { vector: first.vector, colors: first.colorSignature, crop: null };
}

/** Looks at the photos of queries, once at each. */
export class Looks {
  readonly #embedder: Embedder;
  readonly #subjectModels: SubjectModels;
  readonly #known = new LRUCache<string, Looked>({ max: 500 });

  constructor(embedder: Embedder, subjectModels: SubjectModels) {
    this.#embedder = embedder;
    this.#subjectModels = subjectModels;
  }

  /**
   * A photo or a crop of it.
   * @throws LookalikeError IMAGE_*, CROP_INVALID, MODEL_*
   */
  async at({ identity, bytes, crop }: QueryPhoto, clock: Clock): Promise<Looked> {
    const known = this.#known.get(identity);
    if (known) return known;
    const looked = await this.#lookAtParts(bytes, crop, clock);
    this.#known.set(identity, looked);
    return looked;
  }

  async #lookAtParts(bytes: Uint8Array, crop: QueryPhoto['crop'], clock: Clock): Promise<Looked> {
    const chosen = crop === 'auto' ? null : crop;
    const subject = crop === 'auto' ? await this.#subjectOf(bytes, clock) : null;
    const { look: whole, photo } = await this.#lookAt(
      bytes,
      chosen && { box: chosen, proposed: false },
      clock,
    );
    const boxes = chosen ? [] : [...(subject ? [subject] : []), ...squaresAlong(photo)];
    const parts: Look[] = [];
    for (const box of boxes) parts.push((await this.#lookAt(bytes, { box, proposed: true }, clock)).look);
    return { whole, parts, photo };
  }

  async #lookAt(
    bytes: Uint8Array,
    crop: Look['crop'],
    clock: Clock,
  ): Promise<{ look: Look; photo: PhotoFacts }> {
    const spec = this.#embedder.pixelSpec;
    clock.start();
    const { pixels, ...photo } = await readPhotoPixels(bytes, spec, crop?.box);
    // Now, while the processor still has the pixels at hand: the model reads all its weights.
    const colors = toColorBytes(colorSignature(pixels, spec.size));
    clock.lap('decode');
    const vector = await this.#embedder.embed(pixels);
    clock.lap('embed');
    return { look: { vector, colors, crop }, photo };
  }

  async #subjectOf(bytes: Uint8Array, clock: Clock): Promise<CropBox | null> {
    const model = await this.#subjectModels.get();
    if (!model) return null;
    const spec = model.pixelSpec;
    clock.start();
    const { pixels } = await readPhotoPixels(bytes, spec);
    const box = subjectBox(await model.mask(pixels), spec.size);
    clock.lap('crop');
    return box;
  }
}
