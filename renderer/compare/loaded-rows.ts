import type { ComparisonRow } from '../../electron/contract/compare.ts';
import { engine } from '../engine/client.ts';
import { OnDemand, retryWithEachEngine } from '../engine/on-demand.ts';
import { pictureUrl } from '../engine/thumbnails.ts';

/** Rows and their pictures of one document by number, requested while they are on screen or soon will be. */
export class LoadedRows {
  readonly rows: OnDemand<number, ComparisonRow>;
  /** Object URLs of pictures of at most 320 px. */
  readonly thumbnails: OnDemand<number, string>;
  /** Object URLs of pictures of at most 800 px. */
  readonly large: OnDemand<number, string>;
  readonly #stops: readonly (() => void)[];

  constructor(id: string) {
    this.rows = new OnDemand({
      most: 2000,
      batch: 40,
      fetch: async (numbers) => {
        const { rows } = await engine.comparisonRows({ id, rows: numbers });
        return rows.map((row) => [row.row, row] as const);
      },
    });
    this.thumbnails = pictures(id, 'thumbnail', { most: 3000, batch: 40 });
    this.large = pictures(id, 'large', { most: 60, batch: 4 });
    this.#stops = [this.rows, this.thumbnails, this.large].map(retryWithEachEngine);
  }

  /** Reads again what had not been compared, on screen first. */
  renewWaiting(): void {
    this.rows.renew(({ status }) => status !== 'answered');
    this.thumbnails.retry();
    this.large.retry();
  }

  close(): void {
    for (const stop of this.#stops) stop();
    for (const values of [this.rows, this.thumbnails, this.large]) values.clear();
  }
}

function pictures(id: string, size: 'thumbnail' | 'large', limits: { most: number; batch: number }) {
  return new OnDemand<number, string>({
    ...limits,
    fetch: async (rows) => {
      const { pictures } = await engine.comparisonPictures({ id, rows, size });
      return pictures.map(({ row, bytes, type }) => [row, pictureUrl(bytes, type)] as const);
    },
    dispose: (url) => URL.revokeObjectURL(url),
  });
}
