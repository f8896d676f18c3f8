import { LRUCache } from 'lru-cache';
import { LookalikeError } from '../../contract/errors.ts';
import type { CropBox, PhotoFacts, Ranking } from '../../contract/search.ts';
import { colorSignature, colorTrust } from '../images/color.ts';
import { readPhotoPixels } from '../images/photo.ts';
import { squaresAlong } from '../images/squares.ts';
import { subjectBox } from '../images/subject-box.ts';
import type { Embedder } from '../model/embedder.ts';
import type { SubjectModels } from '../model/subject.ts';
import { toColorBytes } from '../snapshot/color-bytes.ts';
import type { Searchable } from '../snapshot/searchable.ts';
import type { Clock } from './clock.ts';
import type { QueryPhoto } from './query.ts';

/** A query's picture, or a part of it, as it is compared with the catalog's pictures. */
export interface QueryImage {
  /** The embedding, unit length. */
  vector: Float32Array;
  /** The colour signature; see `colorSimilarity`. */
  colors: Uint8Array;
  /** See `colorTrust`. */
  colorTrust: number;
  /** The part of a photo that was embedded; null is all of it. */
  crop: Ranking['crop'];
}

/** A photo, and the parts of it that may show the product more clearly. */
export interface EmbeddedPhoto {
  /** All of the photo, or the crop that was asked for. */
  whole: QueryImage;
  /** The subject, and the squares along a very wide or tall photo. `chooseCrop` decides which is used. */
  parts: readonly QueryImage[];
  photo: PhotoFacts;
}

/**
 * A catalog product's first picture.
 * @param product a uid, or a product id that only one product has
 * @throws LookalikeError PRODUCT_UNKNOWN
 */
export async function imageOfProduct(product: string, snapshot: Searchable): Promise<QueryImage> {
  const [first] = await snapshot.product(product);
  if (!first) throw new LookalikeError('PRODUCT_UNKNOWN', { item: product });
  return { vector: first.vector, colors: first.colorSignature, colorTrust: 1, crop: null };
}

/** Decodes and embeds the photos of queries. A photo that was embedded before is remembered. */
export class PhotoEmbedder {
  readonly #embedder: Embedder;
  readonly #subjectModels: SubjectModels;
  readonly #known = new LRUCache<string, EmbeddedPhoto>({ max: 500 });

  constructor(embedder: Embedder, subjectModels: SubjectModels) {
    this.#embedder = embedder;
    this.#subjectModels = subjectModels;
  }

  /**
   * Embeds a photo or a crop of it.
   * @throws LookalikeError IMAGE_*, CROP_INVALID, MODEL_*
   */
  async embed({ identity, bytes, crop }: QueryPhoto, clock: Clock): Promise<EmbeddedPhoto> {
    const known = this.#known.get(identity);
    if (known) return known;
    const embedded = await this.#embedParts(bytes, crop, clock);
    this.#known.set(identity, embedded);
    return embedded;
  }

  async #embedParts(bytes: Uint8Array, crop: QueryPhoto['crop'], clock: Clock): Promise<EmbeddedPhoto> {
    const chosen = crop === 'auto' ? null : crop;
    const subject = crop === 'auto' ? await this.#subjectOf(bytes, clock) : null;
    const { image: whole, photo } = await this.#embedPart(
      bytes,
      chosen && { box: chosen, proposed: false },
      clock,
    );
    const boxes = chosen ? [] : [...(subject ? [subject] : []), ...squaresAlong(photo)];
    const parts: QueryImage[] = [];
    for (const box of boxes) parts.push((await this.#embedPart(bytes, { box, proposed: true }, clock)).image);
    return { whole, parts, photo };
  }

  async #embedPart(
    bytes: Uint8Array,
    crop: QueryImage['crop'],
    clock: Clock,
  ): Promise<{ image: QueryImage; photo: PhotoFacts }> {
    const spec = this.#embedder.pixelSpec;
    clock.start();
    const { pixels, ...photo } = await readPhotoPixels(bytes, spec, crop?.box);
    // Colours come first, while the pixels are in the processor's cache: the model reads all its weights.
    const colors = toColorBytes(colorSignature(pixels, spec.size));
    const trust = colorTrust(pixels, spec.size);
    clock.lap('decode');
    const vector = await this.#embedder.embed(pixels);
    clock.lap('embed');
    return { image: { vector, colors, colorTrust: trust, crop }, photo };
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
