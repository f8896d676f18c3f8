import type { BenchModel } from './model.ts';
import type { PhotoSource } from './photos.ts';

/** The size of catalog that the targets are stated for. */
export const PRODUCTS = 10_000;

/** What every measure of a run works with. */
export interface Setting {
  model: BenchModel;
  photos: PhotoSource;
  /** A folder of this run's own, gone after it. */
  scratch: string;
  /** A data folder with a published catalog of `PRODUCTS` products; not to be changed. */
  dataDir: string;
  /** How many products the catalogs of `scale` and `publish` have. */
  sizes: number[];
}
