import type { Snapshot } from '../../contract/catalog.ts';
import type { Comparison } from '../../contract/compare.ts';
import type { Answering } from '../models/answering.ts';
import type { Summary } from './summaries.ts';

/** Says whether the catalog or the model has moved on since a comparison was made. */
export class MovedOn {
  readonly #answering: () => Answering;

  constructor(answering: () => Answering) {
    this.#answering = answering;
  }

  async of(summaries: readonly Summary[]): Promise<Comparison[]> {
    const { catalog, embedder } = this.#answering();
    // What answers is in memory; before the first query it is read from disk.
    const live = catalog.memory.answering ?? (await catalog.liveInfo().catch(() => null));
    const { info: model } = embedder;
    let kept: ReadonlySet<string> | null = null;
    const shown: Comparison[] = [];
    for (const summary of summaries) {
      const { about } = summary;
      const isSame = !about || (live !== null && nameOf(about.snapshot) === nameOf(live));
      const isModel = !about || about.model.id === model.id;
      let moved: Comparison['moved'] = null;
      if (about && !(isSame && isModel)) {
        kept ??= new Set((await catalog.history.list().catch(() => [])).filter(isWhole).map(nameOf));
        const snapshotKept = kept.has(nameOf(about.snapshot));
        moved = { catalog: isSame ? null : live, model: isModel ? null : model, snapshotKept };
      }
      shown.push({ ...summary, moved });
    }
    return shown;
  }
}

const isWhole = ({ damaged }: { damaged: boolean }): boolean => !damaged;

/** A catalog that was begun anew can have another snapshot of the same number. */
const nameOf = ({ version, publishedAt }: Pick<Snapshot, 'version' | 'publishedAt'>): string =>
  `${version} ${publishedAt}`;
