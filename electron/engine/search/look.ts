import { LRUCache } from 'lru-cache';
import { LookalikeError } from '../../contract/errors.ts';
import type { CropBox, Ranking } from '../../contract/schemas.ts';
import { toColorBytes } from '../catalog/color-bytes.ts';
import type { Snapshot } from '../catalog/snapshot.ts';
import { colorSignature } from '../images/color.ts';
import { readPixels } from '../images/photo.ts';
import { subjectBox } from '../images/subject-box.ts';
import type { Embedder } from '../model/embedder.ts';
import type { SubjectModels } from '../model/subject.ts';
import type { Clock } from './clock.ts';
import type { Asked, QueryPicture } from './query.ts';

/** What of a picture is compared with the catalog's. */
export interface Look {
  vector: Float32Array;
  /** See `colorSimilarity`. */
  colors: Uint8Array;
  /** The part of a photo that was looked at; null is all of it. */
  crop: Ranking['crop'];
}

/** Looks at the pictures of queries, once at each. */
export class Looks {
  readonly #embedder: Embedder;
  readonly #subjectModels: SubjectModels;
  readonly #known = new LRUCache<string, Look>({ max: 500 });

  constructor(embedder: Embedder, subjectModels: SubjectModels) {
    this.#embedder = embedder;
    this.#subjectModels = subjectModels;
  }

  /**
   * A catalog product's first image as it is kept, or a photo or a crop of it.
   * @throws LookalikeError IMAGE_*, CROP_INVALID, PRODUCT_UNKNOWN, MODEL_*
   */
  async at(picture: QueryPicture, query: Asked['query'], snapshot: Snapshot, clock: Clock): Promise<Look> {
    if (picture.kind === 'product') {
      const [first] = snapshot.product(picture.productId);
      if (!first) throw new LookalikeError('PRODUCT_UNKNOWN', { item: picture.productId });
      return { vector: first.vector, colors: first.colorSignature, crop: null };
    }
    const known = this.#known.get(picture.identity);
    if (known) return known;
    const look = await this.#lookAt(picture.bytes, query.kind === 'photo' ? query.crop : undefined, clock);
    this.#known.set(picture.identity, look);
    return look;
  }

  async #lookAt(bytes: Uint8Array, asked: CropBox | 'auto' | undefined, clock: Clock): Promise<Look> {
    const spec = this.#embedder.pixelSpec;
    clock.start();
    const proposed = asked === 'auto' ? await this.#subjectOf(bytes) : null;
    const box = asked === 'auto' ? proposed : (asked ?? null);
    const { pixels } = await readPixels(bytes, spec, box ?? undefined);
    clock.lap('decode');
    const vector = await this.#embedder.embed(pixels);
    clock.lap('embed');
    const colors = toColorBytes(colorSignature(pixels, spec.size));
    return { vector, colors, crop: box && { box, proposed: proposed !== null } };
  }

  async #subjectOf(bytes: Uint8Array): Promise<CropBox | null> {
    const model = await this.#subjectModels.get();
    if (!model) return null;
    const spec = model.pixelSpec;
    const { pixels } = await readPixels(bytes, spec);
    return subjectBox(await model.mask(pixels), spec.size);
  }
}
