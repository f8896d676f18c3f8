import { totalmem } from 'node:os';
import type { Snapshot as PublishedSnapshot } from '../../contract/catalog.ts';
import type { Ranking } from '../../contract/search.ts';
import { COLOR_SIGNATURE_LENGTH } from '../catalog/schema.ts';

/** The memory that a catalog may take. */
export interface MemoryLimit {
  /** Default: a quarter of the machine's memory. */
  bytes?: number;
  /** Forces memory or LanceDB, whatever the size. */
  answeredBy?: Ranking['answeredBy'];
}

/** Bytes of a row without its picture: the fields in Arrow, ids, numbers. Measured at 100,000 rows (bench/README.md). */
const ROW_BYTES = 900;
/** Bytes of a number of a vector: as float32, and quantised to a byte. */
const NUMBER_BYTES = 5;

/**
 * Decides whether a snapshot is read into memory or searched by LanceDB.
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
