import { createHash } from 'node:crypto';
import { LRUCache } from 'lru-cache';
import type { EmbedRequest } from '../../contract/embedding.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { Fault } from '../../contract/faults.ts';
import type { FeedbackRequest } from '../../contract/learning.ts';
import {
  type CropBox,
  type GivenFeedback,
  itemOfPhoto,
  type SearchRequest,
  type SearchResponse,
  searchRequest,
} from '../../contract/search.ts';
import { dataFolder } from '../files/data-folder.ts';
import type { Embedder } from '../model/embedder.ts';
import type { SubjectModels } from '../model/subject.ts';
import { Indexer } from '../snapshot/indexer.ts';
import type { LiveCatalog } from '../snapshot/live-catalog.ts';
import type { Searchable } from '../snapshot/searchable.ts';
import { Snapshot } from '../snapshot/snapshot.ts';
import type { Synonyms } from '../words/lexicon.ts';
import type { Asker, PriorityGate } from '../work/priority-gate.ts';
import { answerKey, makeAnswer } from './answer.ts';
import type { Calibration } from './calibration.ts';
import { Calibrator } from './calibrator.ts';
import { Clock } from './clock.ts';
import { isUnlike, withMiddle } from './closer-look.ts';
import { chooseCrop } from './crop-choice.ts';
import { photoName } from './feedback.ts';
import { LearnedHere, type Lesson, NO_LESSON } from './learned-here.ts';
import { NOTHING_TAKEN, withoutCommonPart } from './photo-shift.ts';
import { embedInBulk, type PilePhoto, type RankedPhoto } from './pile-photo.ts';
import { type ParsedRequest, type QueryPhotos, readPhoto, readPicture, withCrop } from './query.ts';
import {
  type EmbeddedPhoto,
  imageOfProduct,
  PhotoEmbedder,
  type QueryImage,
  type Waiting,
} from './query-image.ts';
import { rankStyles } from './rank.ts';
import { asOneImage, furtherPhotos, type SeenPhoto } from './several-photos.ts';
import { ShopSynonyms } from './shop-synonyms.ts';
import { TextReader } from './understand.ts';

type Answer = Omit<SearchResponse, 'timings'>;

/** The photo was embedded before. */
const NO_BYTES = new Uint8Array();

export interface SearchParts {
  catalog: LiveCatalog;
  embedder: Embedder;
  gate: PriorityGate;
  /** What proposes crops. */
  subjectModels: SubjectModels;
  /** Where calibrations and indexes are kept. */
  dataDir: string;
}

/**
 * Ranks the published catalog's styles against a query: embed the picture (`query-image.ts`), choose its crop
 * (`crop-choice.ts`), understand the text (`understand.ts`), rank (`rank.ts`), answer (`answer.ts`).
 */
export class Search {
  /** What this machine has learned with this model. */
  readonly learned: Promise<LearnedHere>;
  readonly #catalog: LiveCatalog;
  readonly #embedder: Embedder;
  readonly #gate: PriorityGate;
  readonly #photos: PhotoEmbedder;
  readonly #calibrator: Calibrator;
  readonly #indexer: Indexer;
  readonly #texts: TextReader;
  readonly #answers = new LRUCache<string, Answer>({ max: 60 });
  readonly #synonyms: ShopSynonyms;
  #calibration: Calibration | null = null;
  #read: Synonyms = [];

  constructor({ catalog, embedder, gate, subjectModels, dataDir }: SearchParts) {
    this.#catalog = catalog;
    this.#embedder = embedder;
    this.#gate = gate;
    this.#photos = new PhotoEmbedder(embedder, subjectModels);
    this.#synonyms = new ShopSynonyms(dataFolder.synonyms(dataDir));
    this.#texts = new TextReader(embedder);
    this.#calibrator = new Calibrator({ dataDir, embedder, gate, subjectModels });
    const { info, weights } = embedder;
    this.learned = LearnedHere.open({
      ...{ dataDir, catalog },
      model: { id: info.id, dim: info.dim, weights },
      gate,
      onChange: () => this.#answers.clear(),
    });
    this.#indexer = new Indexer(dataDir, embedder.info.id, gate);
    catalog.beforeAnswering(async (next, before) => {
      await this.#calibrator.of(next.sample);
      await next.warmUp(before);
    });
  }

  /**
   * Finds the styles most like a photo, a crop of it or another product, or those that a text names, or both; best first. A
   * style counts as its nearest picture. Bulk work waits until the query is answered.
   * @param signal cancels the query before a model runs
   * @param asker who waits for it; a program's query begins when no person's is in progress
   * @throws LookalikeError IMAGE_*, CROP_INVALID, PRODUCT_UNKNOWN, CATALOG_EMPTY, MODEL_*, CANCELLED
   */
  async search(request: SearchRequest, signal?: AbortSignal, asker?: Asker): Promise<SearchResponse> {
    const asked = searchRequest.parse(request);
    return this.#gate.interactive(async () => {
      const clock = new Clock();
      const waiting: Waiting = { clock, signal, asker };
      const picture = await readPicture(asked.query);
      // The photo is decoded and embedded while Lance reads which version is published.
      const live = this.#catalog.searchable();
      const embedding = picture?.kind === 'photos' ? this.#embedAll(picture.photos, waiting) : null;
      embedding?.catch(() => {});
      // One snapshot answers the whole query, whatever is published meanwhile.
      using snapshot = await live;
      // Read while the photo is embedded.
      const reading = Promise.all([snapshot && this.#prepare(snapshot), this.#synonyms.read()]);
      reading.catch(() => {});
      const seenPhotos = await embedding;
      const [calibration, synonyms] = await reading;
      if (!snapshot || !calibration) throw new LookalikeError('CATALOG_EMPTY');
      if (calibration !== this.#calibration || synonyms !== this.#read) this.#answers.clear();
      [this.#calibration, this.#read] = [calibration, synonyms];
      const key = answerKey(asked, picture, snapshot);
      const remembered = this.#answers.get(key);
      if (remembered) return { ...remembered, timings: clock.timings(true) };
      const images = seenPhotos && (await this.#lookAtAll(seenPhotos, snapshot, calibration, waiting));
      const { learned, use, feedback } = await this.#learn(asked, seenPhotos, snapshot, calibration);
      const { image, ...taken } =
        picture?.kind === 'product'
          ? { image: await imageOfProduct(picture.product, snapshot), ...NOTHING_TAKEN }
          : asOneImage(images ?? [], { learned, shift: calibration.shift });
      const understood = await this.#texts.understand(asked, image, snapshot, synonyms, clock);
      const query = { asked, image, understood, snapshot, calibration, learned, use, ...taken };
      const answer = {
        ...(await makeAnswer(query, await rankStyles(query), clock)),
        photo: seenPhotos?.[0]?.embedded.photo ?? null,
        also: furtherPhotos(seenPhotos ?? [], images ?? []),
        feedback,
        model: this.#embedder.info,
        provider: this.#embedder.provider,
        snapshot: snapshot.info,
      };
      this.#answers.set(key, answer);
      return { ...answer, timings: clock.timings(false) };
    }, asker);
  }

  /**
   * Embeds all of a photo, or a text, with the model in use. Embeddings are remembered as those of queries are.
   * @returns the unit vector
   * @throws LookalikeError IMAGE_*, MODEL_*, CANCELLED
   */
  async embed(request: EmbedRequest, signal?: AbortSignal, asker?: Asker): Promise<Float32Array> {
    return this.#gate.interactive(async () => {
      const clock = new Clock();
      if (request.kind === 'words') return this.#texts.embed(request.words, clock);
      const photo = await readPhoto(request.photo, null);
      const { whole } = await this.#photos.embed(photo, { clock, signal, asker });
      return whole.vector;
    }, asker);
  }

  /**
   * Decodes and embeds a photo that nobody is waiting for. Its subject is not looked for by the subject model, which takes three
   * times as long as all the rest (bench/README.md); where it stands before a plain background its colours are compared,
   * as the catalog's are.
   * @throws LookalikeError IMAGE_*, MODEL_*
   */
  embedInBulk(bytes: Uint8Array): Promise<PilePhoto> {
    return embedInBulk(bytes, this.#embedder);
  }

  /** Ranks a snapshot's styles against a photo as `search` does, without making an answer of it. */
  async rank(
    photo: Pick<EmbeddedPhoto, 'whole' | 'parts'>,
    snapshot: Searchable,
    limit: number,
  ): Promise<RankedPhoto> {
    const calibration = await this.#prepare(snapshot);
    const { parts, whole } = photo;
    const seen = parts.length > 0 ? (await chooseCrop(photo, snapshot, calibration)).image : whole;
    const { image, ...taken } = withoutCommonPart(seen, { learned: null, shift: calibration.shift });
    const asked = searchRequest.parse({ query: { kind: 'photo', photo: { bytes: NO_BYTES } }, limit });
    const understood = await this.#texts.understand(asked, image, snapshot, [], new Clock());
    const query = { asked, image, understood, snapshot, calibration, learned: null, use: null, ...taken };
    const { candidates, probability } = await rankStyles(query);
    return { candidates, probability, crop: image.crop?.box ?? null };
  }

  /** Like `rank`, when no query is in progress. */
  async rankInBulk(
    photo: Pick<EmbeddedPhoto, 'whole' | 'parts'>,
    snapshot: Searchable,
    limit: number,
  ): Promise<RankedPhoto> {
    await this.#gate.bulk();
    return this.rank(photo, snapshot, limit);
  }

  /**
   * Ranks a snapshot's styles against a part of a photo; null is all of it. Call it inside `gate.interactive`.
   * @throws LookalikeError IMAGE_*, CROP_INVALID, MODEL_*
   */
  async rankPart(
    bytes: Uint8Array,
    crop: CropBox | 'auto' | null,
    snapshot: Searchable,
    limit: number,
  ): Promise<RankedPhoto> {
    const hash = createHash('sha256').update(bytes).digest('hex');
    const asked = withCrop({ hash, bytes }, crop);
    return this.rank(await this.#photos.embed(asked, { clock: new Clock() }), snapshot, limit);
  }

  /** Resolves when a snapshot is calibrated: what is ranked before that is ranked by the usual calibration. */
  async calibrated(snapshot: Searchable): Promise<void> {
    await this.#prepare(snapshot);
    await this.#calibrator.settled();
  }

  /** Resolves when the live catalog is calibrated and indexed: for evaluations and tests. */
  async calibrate(): Promise<void> {
    await this.#catalog.caughtUp();
    using snapshot = await this.#catalog.searchable();
    if (!snapshot) return;
    await this.#prepare(snapshot);
    await Promise.all([this.#calibrator.settled(), this.#indexer.settled()]);
    await (await this.learned).settled(snapshot, await this.#prepare(snapshot));
  }

  /** What the status has to say of searches. */
  async notices(): Promise<Fault[]> {
    await this.#synonyms.read();
    const { faults } = await this.learned;
    const { notice } = this.#synonyms;
    return notice ? [notice, ...faults] : faults;
  }

  /**
   * Notes what a person said of an answer to a photo, in place of what was said of the photo before.
   * @returns null where it says nothing (see `Feedback.note`), or learning is off
   * @throws LookalikeError IMAGE_*, CROP_INVALID, CATALOG_EMPTY, PRODUCT_UNKNOWN, MODEL_*, STORAGE_*
   */
  async giveFeedback(given: FeedbackRequest): Promise<GivenFeedback | null> {
    const { product, by, shown } = given;
    const learnedHere = await this.learned;
    return this.#gate.interactive(async () => {
      const waiting: Waiting = { clock: new Clock() };
      const picture = await readPhoto(given.photo, given.crop ?? null);
      using snapshot = await this.#catalog.searchable();
      if (!snapshot) throw new LookalikeError('CATALOG_EMPTY');
      const [known] = product === null ? [] : await snapshot.neighbours([product], null);
      if (product !== null && !known) throw new LookalikeError('PRODUCT_UNKNOWN', { item: product });
      const embedded = await this.#photos.embed(picture, waiting);
      const calibration = await this.#prepare(snapshot);
      const seen = { photo: picture, embedded };
      const { vector, colors } = await this.#look(seen, snapshot, calibration, waiting);
      const photo = photoName(picture.hash);
      const said = { photo, product: known?.uid ?? null, by, shown, features: { vector, colors } };
      return learnedHere.note(said, snapshot);
    });
  }

  async close(): Promise<void> {
    const learned = await this.learned;
    await Promise.all([this.#calibrator.close(), this.#indexer.close(), learned.close()]);
  }

  /** @throws LookalikeError as `PhotoEmbedder.embed`; of several photos, its item names the one */
  async #embedAll(photos: QueryPhotos, waiting: Waiting): Promise<SeenPhoto[]> {
    const seen: SeenPhoto[] = [];
    for (const [i, photo] of photos.entries()) {
      try {
        seen.push({ photo, embedded: await this.#photos.embed(photo, waiting) });
      } catch (cause) {
        if (photos.length === 1 || !(cause instanceof LookalikeError)) throw cause;
        throw new LookalikeError(cause.fault, { item: cause.item ?? itemOfPhoto(i), cause });
      }
    }
    return seen;
  }

  async #lookAtAll(
    seen: readonly SeenPhoto[],
    snapshot: Searchable,
    calibration: Calibration,
    waiting: Waiting,
  ): Promise<QueryImage[]> {
    const images: QueryImage[] = [];
    for (const each of seen) images.push(await this.#look(each, snapshot, calibration, waiting));
    return images;
  }

  /** Chooses what of a photo is compared with the catalog. */
  async #look(
    { photo, embedded }: SeenPhoto,
    snapshot: Searchable,
    calibration: Calibration,
    waiting: Waiting,
  ): Promise<QueryImage> {
    const { whole, parts } = embedded;
    const isAuto = photo.crop === 'auto';
    if (!isAuto && parts.length === 0) return whole;
    const { image, familiarity } = await chooseCrop(embedded, snapshot, calibration);
    const isCloser = isAuto && image === whole && isUnlike(familiarity);
    const middle = isCloser ? await this.#photos.embedMiddle(photo, waiting) : null;
    if (isAuto) this.#photos.release(photo);
    return middle ? withMiddle(whole, middle, snapshot, calibration) : image;
  }

  /** What was learned that counts for these photos. */
  async #learn(
    { learned }: ParsedRequest,
    seen: readonly SeenPhoto[] | null,
    snapshot: Searchable,
    calibration: Calibration,
  ): Promise<Lesson> {
    if (!learned || !seen) return NO_LESSON;
    const photos = seen.map(({ photo: { hash }, embedded: { whole } }) => ({ hash, vector: whole.vector }));
    return (await this.learned).lessonOf(photos, snapshot, calibration);
  }

  /** Begins to index and calibrate a snapshot, and returns the calibration to use meanwhile. */
  #prepare(snapshot: Searchable): Promise<Calibration> {
    if (snapshot instanceof Snapshot) this.#indexer.of(snapshot);
    return this.#calibrator.of(snapshot.sample);
  }
}
