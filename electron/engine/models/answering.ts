import type { Embedding, EmbedRequest } from '../../contract/embedding.ts';
import type { Fault } from '../../contract/faults.ts';
import type { FeedbackRequest } from '../../contract/learning.ts';
import type { GivenFeedback, SearchRequest, SearchResponse } from '../../contract/search.ts';
import type { Embedder } from '../model/embedder.ts';
import type { LocatedModel } from '../model/files.ts';
import type { SubjectModels } from '../model/subject.ts';
import type { LearnedHere } from '../search/learned-here.ts';
import { Search } from '../search/search.ts';
import type { LiveCatalog } from '../snapshot/live-catalog.ts';
import type { Asker, PriorityGate } from '../work/priority-gate.ts';

/** The parts that stay when the model is switched. */
export interface AnsweringParts {
  gate: PriorityGate;
  dataDir: string;
  subjectModels: SubjectModels;
}

/** A model in use with everything that belongs to it. It is replaced as a whole when the model or the provider changes. */
export class Answering {
  readonly model: LocatedModel;
  readonly embedder: Embedder;
  readonly catalog: LiveCatalog;
  readonly #search: Search;
  #underWay = 0;
  #onIdle = () => {};

  constructor(model: LocatedModel, embedder: Embedder, catalog: LiveCatalog, parts: AnsweringParts) {
    this.model = model;
    this.embedder = embedder;
    this.catalog = catalog;
    this.#search = new Search({ ...parts, catalog, embedder });
  }

  /** See `Search.search`. */
  search(request: SearchRequest, signal?: AbortSignal, asker?: Asker): Promise<SearchResponse> {
    return this.using(() => this.#search.search(request, signal, asker));
  }

  /** See `Search.embed`. */
  async embed(request: EmbedRequest, signal?: AbortSignal, asker?: Asker): Promise<Embedding> {
    const vector = await this.using(() => this.#search.embed(request, signal, asker));
    return { embedding: [...vector], model: this.embedder.info };
  }

  /** Runs work with the search. The model is not closed before the work has ended. */
  async using<T>(work: (search: Search) => Promise<T>): Promise<T> {
    this.#underWay++;
    try {
      return await work(this.#search);
    } finally {
      if (--this.#underWay === 0) this.#onIdle();
    }
  }

  /** See `Search.notices`. */
  notices(): Promise<Fault[]> {
    return this.#search.notices();
  }

  /** What this machine has learned with this model. */
  get learned(): Promise<LearnedHere> {
    return this.#search.learned;
  }

  /** See `Search.giveFeedback`. */
  giveFeedback(given: FeedbackRequest): Promise<GivenFeedback | null> {
    return this.using(() => this.#search.giveFeedback(given));
  }

  /** See `Search.calibrate`. */
  calibrate(): Promise<void> {
    return this.#search.calibrate();
  }

  /** Closes the model once the queries in progress are answered. Nothing may be asked of it after this call. */
  async close(): Promise<void> {
    if (this.#underWay > 0) {
      await new Promise<void>((resolve) => {
        this.#onIdle = resolve;
      });
    }
    await this.#search.close();
    await this.embedder.close();
  }
}
