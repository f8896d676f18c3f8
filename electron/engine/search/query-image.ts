import { LRUCache } from 'lru-cache';
import { LookalikeError } from '../../contract/errors.ts';
import type { CropBox, PhotoFacts, Ranking } from '../../contract/search.ts';
import { colorSignature, colorTrust, subjectSignature } from '../images/color.ts';
import { type MaskedPicture, readMasked } from '../images/masked.ts';
import { type OpenPhoto, openPhoto } from '../images/photo.ts';
import { squaresAlong } from '../images/squares.ts';
import { subjectBox } from '../images/subject-box.ts';
import type { Embedder } from '../model/embedder.ts';
import type { SubjectModels } from '../model/subject.ts';
import { toColorBytes } from '../snapshot/color-bytes.ts';
import type { Searchable } from '../snapshot/searchable.ts';
import type { Asker } from '../work/priority-gate.ts';
import type { Clock } from './clock.ts';
import { MIDDLE } from './closer-look.ts';
import { colorsOfPicture, type QueryColors } from './color.ts';
import { type QueryPhoto, withCrop } from './query.ts';

/** A query's picture, or a part of it, as it is compared with the catalog's pictures. */
export interface QueryImage {
  /** The embedding that is compared, unit length. */
  vector: Float32Array;
  /** Its own embedding, where `vector` is made of more or lacks what photos have in common; else null. */
  own: Float32Array | null;
  /** The middle of a photo was looked at closer; see `closer-look.ts`. */
  closer: boolean;
  colors: QueryColors;
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
  const { vector } = first;
  return { vector, own: null, closer: false, colors: colorsOfPicture(first), colorTrust: 1, crop: null };
}

/** Decodes and embeds the photos of queries. A photo that was embedded before is remembered. */
export class PhotoEmbedder {
  readonly #embedder: Embedder;
  readonly #subjectModels: SubjectModels;
  readonly #known = new LRUCache<string, EmbeddedPhoto>({ max: 500 });
  /** By the photo's hash. Whoever draws a crop draws several on one photo. */
  readonly #masked = new LRUCache<string, MaskedPicture>({ max: 20 });
  /** Embeddings of the middles of photos, by the photo's hash. */
  readonly #middles = new LRUCache<string, Float32Array>({ max: 500 });
  /** By asker and identity: programs may send one photo several times at once, and a person must not wait for theirs. */
  readonly #underWay = new Map<string, Promise<EmbeddedPhoto>>();
  /** The last photo. */
  #opened: { hash: string; photo: Promise<OpenPhoto> } | null = null;

  constructor(embedder: Embedder, subjectModels: SubjectModels) {
    this.#embedder = embedder;
    this.#subjectModels = subjectModels;
  }

  /**
   * Embeds a photo or a crop of it. What was embedded of the whole photo serves its proposed crop too.
   * @throws LookalikeError IMAGE_*, CROP_INVALID, MODEL_*, CANCELLED
   */
  async embed(asked: QueryPhoto, waiting: Waiting): Promise<EmbeddedPhoto> {
    const { identity } = asked;
    const known = this.#known.get(identity);
    if (known) return known;
    const key = `${waiting.asker ?? 'person'} ${identity}`;
    const same = this.#underWay.get(key);
    // The other query may be cancelled, and this one not.
    if (same) return same.catch(() => this.embed(asked, waiting));
    const embedding = this.#embed(asked, waiting).finally(() => this.#underWay.delete(key));
    this.#underWay.set(key, embedding);
    return embedding;
  }

  async #embed(asked: QueryPhoto, waiting: Waiting): Promise<EmbeddedPhoto> {
    const { clock } = waiting;
    clock.start();
    const work = { ...waiting, hash: asked.hash, photo: await this.#open(asked) };
    clock.lap('decode');
    const { crop } = asked;
    const looksForSubject = crop === 'auto' || crop === 'whole';
    const embedded = looksForSubject
      ? await this.#addSubject(await this.embed(withCrop(asked, null), waiting), work, crop === 'auto')
      : await this.#embedParts(crop, work);
    // The window asks for the subject next.
    if (crop === null && waiting.asker !== 'program') work.photo.prepare();
    this.#known.set(asked.identity, embedded);
    if (crop === 'whole') this.release(asked);
    return embedded;
  }

  /**
   * Embeds the middle of a photo; see `closer-look.ts`.
   * @returns the unit vector
   * @throws LookalikeError IMAGE_*, MODEL_*, CANCELLED
   */
  async embedMiddle(asked: QueryPhoto, waiting: Waiting): Promise<Float32Array> {
    const known = this.#middles.get(asked.hash);
    if (known) return known;
    waiting.clock.start();
    const work = { ...waiting, hash: asked.hash, photo: await this.#open(asked) };
    waiting.clock.lap('decode');
    const { image } = await this.#embedPart({ box: MIDDLE, proposed: true }, work);
    this.#middles.set(asked.hash, image.vector);
    return image.vector;
  }

  /** Nothing more is read of this photo: a decoded one is large. */
  release({ hash }: QueryPhoto): void {
    if (this.#opened?.hash === hash) this.#opened = null;
  }

  /** The photo is opened once for all of it and, in the next query, its subject. */
  #open({ hash, bytes }: QueryPhoto): Promise<OpenPhoto> {
    if (this.#opened?.hash !== hash) this.#opened = { hash, photo: openPhoto(bytes) };
    return this.#opened.photo;
  }

  async #embedParts(crop: CropBox | null, work: Work): Promise<EmbeddedPhoto> {
    const { image: whole, photo } = await this.#embedPart(crop && { box: crop, proposed: false }, work);
    if (crop) return { whole: withSubject(whole, await this.#maskedOf(work)), parts: [], photo };
    const parts: QueryImage[] = [];
    for (const box of squaresAlong(photo))
      parts.push((await this.#embedPart({ box, proposed: true }, work)).image);
    return { whole, parts, photo };
  }

  /** Adds the subject's colours and, if asked, the part of the photo that shows it. */
  async #addSubject(all: EmbeddedPhoto, work: Work, cutsOut: boolean): Promise<EmbeddedPhoto> {
    const masked = await this.#maskedOf(work);
    if (!masked) return all;
    const box = cutsOut ? subjectBox(masked.mask, masked.size) : null;
    const subject = box ? [(await this.#embedPart({ box, proposed: true }, work)).image] : [];
    const parts = [...subject, ...all.parts].map((part) => withSubject(part, masked));
    return { ...all, whole: withSubject(all.whole, masked), parts };
  }

  async #embedPart(
    crop: QueryImage['crop'],
    { photo: opened, clock, signal, asker }: Work,
  ): Promise<{ image: QueryImage; photo: PhotoFacts }> {
    const spec = this.#embedder.pixelSpec;
    const decode = async () => {
      clock.start();
      const { pixels, ...photo } = await (crop ? opened.square(spec, crop.box) : opened.whole(spec));
      stopIf(signal);
      // Colours come first, while the pixels are in the processor's cache: the model reads all its weights.
      const colors = { picture: toColorBytes(colorSignature(pixels, spec.size)), subject: null };
      const trust = colorTrust(pixels, spec.size);
      clock.lap('decode');
      return { pixels, photo, colors, trust };
    };
    const { vector, photo, colors, trust } =
      asker === 'program' ? await this.#embedder.embedForProgram(decode) : await this.#embedAtOnce(decode);
    clock.lap('embed');
    return { image: { vector, own: null, closer: false, colors, colorTrust: trust, crop }, photo };
  }

  async #embedAtOnce<P extends { pixels: Uint8Array }>(decode: () => Promise<P>) {
    const decoded = await decode();
    return { ...decoded, vector: await this.#embedder.embed(decoded.pixels) };
  }

  /** The photo with the mask of its subject, which is found once for all crops; null without a subject model. */
  async #maskedOf({ hash, photo, clock, signal }: Work): Promise<MaskedPicture | null> {
    const known = this.#masked.get(hash);
    if (known) return known;
    const model = await this.#subjectModels.get();
    if (!model) return null;
    clock.start();
    const masked = await readMasked(photo.square, model, async () => stopIf(signal));
    clock.lap('crop');
    this.#masked.set(hash, masked);
    return masked;
  }
}

/** A photo, or a part of it, with the colours of the subject in it. */
function withSubject(image: QueryImage, masked: MaskedPicture | null): QueryImage {
  const signature = masked && subjectSignature(masked, image.crop?.box);
  return signature ? { ...image, colors: { ...image.colors, subject: toColorBytes(signature) } } : image;
}

/** Who waits for a photo's embedding. */
export interface Waiting {
  clock: Clock;
  /** Stops the work before a model runs. */
  signal?: AbortSignal | undefined;
  /** Photos of programs are embedded together. */
  asker?: Asker | undefined;
}

/** One query's work on its photo. */
interface Work extends Waiting {
  hash: string;
  photo: OpenPhoto;
}

/** A model's run blocks the engine's thread, so whoever asks next must not wait for one that nobody wants any more. */
function stopIf(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw new LookalikeError('CANCELLED');
}
