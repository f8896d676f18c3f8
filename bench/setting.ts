import type { BenchModel } from './model.ts';
import type { PhotoSource } from './photos.ts';

/** The size of catalog that the targets are stated for. */
export const PRODUCTS = 10_000;

/** What every measurement of a run uses. */
export interface Setting {
  model: BenchModel;
  photos: PhotoSource;
  /** A folder of this run, deleted after it. */
  scratch: string;
  /** A data folder with a published catalog of `PRODUCTS` products. It must not be changed. */
  dataDir: string;
  /** Numbers of products in the catalogs of `scale` and `publish`. */
  sizes: number[];
}
