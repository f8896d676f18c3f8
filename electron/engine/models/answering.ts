import type { SearchRequest, SearchResponse } from '../../contract/search.ts';
import type { Embedder } from '../model/embedder.ts';
import type { LocatedModel } from '../model/files.ts';
import type { SubjectModels } from '../model/subject.ts';
import { Search } from '../search/search.ts';
import type { LiveCatalog } from '../snapshot/live-catalog.ts';
import type { PriorityGate } from '../work/priority-gate.ts';

/** What stays when another model takes over. */
export interface AnsweringParts {
  gate: PriorityGate;
  dataDir: string;
  subjectModels: SubjectModels;
}

/** A model that answers and all that goes with it: replaced as a whole when another model, or provider, takes its place. */
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
  async search(request: SearchRequest): Promise<SearchResponse> {
    this.#underWay++;
    try {
      return await this.#search.search(request);
    } finally {
      if (--this.#underWay === 0) this.#onIdle();
    }
  }

  /** See `Search.calibrate`. */
  calibrate(): Promise<void> {
    return this.#search.calibrate();
  }

  /** Lets go of the model when the queries under way have been answered. Ask nothing of it from now on. */
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
