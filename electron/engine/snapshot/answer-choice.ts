import { totalmem } from 'node:os';
import type { Snapshot as PublishedSnapshot } from '../../contract/catalog.ts';
import type { Ranking } from '../../contract/search.ts';
import { COLOR_SIGNATURE_LENGTH } from '../catalog/schema.ts';

/** What a catalog may take of memory. */
export interface MemoryLimit {
  /** Default: a quarter of the machine's. */
  bytes?: number;
  /** What answers whatever the size. */
  answeredBy?: Ranking['answeredBy'];
}

/** What a row takes besides its picture: the fields as Arrow has them, ids, numbers. Measured at 100,000 (bench/README.md). */
const ROW_BYTES = 900;
/** What a number of a vector takes: as float32, and rounded to a byte. */
const NUMBER_BYTES = 5;

/**
 * Whether a snapshot is read into memory or searched by LanceDB.
 * @param dim numbers in a vector
 */
export function chooseAnswer(
  { images }: Pick<PublishedSnapshot, 'images'>,
  dim: number,
  { bytes = totalmem() / 4, answeredBy }: MemoryLimit,
): Ranking['answeredBy'] {
  if (answeredBy) return answeredBy;
  return images * (dim * NUMBER_BYTES + COLOR_SIGNATURE_LENGTH + ROW_BYTES) > bytes ? 'lance' : 'memory';
}
