import { basename } from 'node:path';
import type { Comparison } from '../../contract/compare.ts';
import { LookalikeError } from '../../contract/errors.ts';
import type { DamagedFile } from '../catalog/condition.ts';
import { storageError } from '../files/storage-error.ts';
import type { Answering } from '../models/answering.ts';
import type { Document } from './document.ts';
import { JOURNAL } from './document-journal.ts';
import type { Library } from './library.ts';
import { MovedOn } from './moved-on.ts';
import { damagedSummary, readSummary, type Summary, summaryOf, writeSummary } from './summaries.ts';

/** The documents of a library as a list shows them, by their summaries: none is opened that has one. */
export class Listing {
  readonly #library: Library;
  readonly #movedOn: MovedOn;

  constructor(library: Library, answering: () => Answering) {
    this.#library = library;
    this.#movedOn = new MovedOn(answering);
  }

  /** The last changed one first. A damaged one says so. */
  async all(): Promise<Comparison[]> {
    const summaries: Summary[] = [];
    for (const id of await this.#library.ids()) summaries.push(await this.#summary(id));
    summaries.sort((a, b) => (a.changedAt < b.changedAt ? 1 : -1));
    return this.#movedOn.of(summaries);
  }

  /** A document as a list shows it. */
  async shown(document: Document): Promise<Comparison> {
    const [shown] = await this.#movedOn.of([summaryOf(document)]);
    if (!shown) throw new Error('One summary makes one comparison.');
    return shown;
  }

  /** The damaged files of all documents. */
  async damaged(): Promise<DamagedFile[]> {
    const damaged: DamagedFile[] = [];
    for (const id of await this.#library.ids()) {
      const path = (file: string) => `comparisons/${id}/${file}`;
      for (const { code } of (await this.#summary(id, { afresh: true })).faults) {
        if (code === 'COMPARISON_PICTURES_LOST') damaged.push({ path: path('pictures.bin'), how: 'cut' });
        else
          damaged.push({
            path: path(JOURNAL),
            how: code === 'COMPARISON_DAMAGED' ? 'unreadable' : 'changed',
          });
      }
    }
    return damaged;
  }

  /** @param options.afresh reads the document, whatever its summary says */
  async #summary(id: string, { afresh = false } = {}): Promise<Summary> {
    const folder = this.#library.folderOf(id);
    const open = await this.#library.opened(id);
    if (open) return summaryOf(open);
    const noted = afresh ? null : await readSummary(folder, JOURNAL);
    if (noted) return { ...noted, id };
    try {
      return await this.#library.using(id, async (document) => {
        await writeSummary(folder, document);
        return summaryOf(document);
      });
    } catch (error) {
      return damagedSummary(
        folder,
        id,
        error instanceof LookalikeError ? error : storageError(error, basename(folder)),
      );
    }
  }
}
