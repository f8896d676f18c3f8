import type { Table } from '@lancedb/lancedb';
import type { RecordBatch } from 'apache-arrow';
import { LookalikeError } from '../../contract/errors.ts';
import { COLOR_SIGNATURE_LENGTH, SUBJECT_COLUMNS, subjectColorsOf } from '../catalog/schema.ts';
import { subjectColumns } from '../catalog/stores.ts';
import { toColorBytes } from './color-bytes.ts';

/** Features of some pictures. */
export interface Features {
  /** `dim` numbers per picture. */
  vectors: Float32Array;
  /** `COLOR_SIGNATURE_LENGTH` bytes per picture; see `toColorBytes`. */
  colors: Uint8Array;
  /** For each picture the colours of its subject, as many bytes; null where they are not known. */
  subjects: (Uint8Array | null)[];
}

/** The columns of a table of features that `featuresOf` reads. */
export async function featureColumns(table: Table): Promise<string[]> {
  return ['vector', 'colorSignature', ...(await subjectColumns(table))];
}

/**
 * The features of a batch with the columns of `featureColumns`.
 * @throws LookalikeError CATALOG_UNREADABLE
 */
export function featuresOf(batch: RecordBatch, dim: number): Features {
  const vectors = batch.getChild('vector')?.getChildAt(0)?.toArray();
  const colors = batch.getChild('colorSignature')?.getChildAt(0)?.toArray();
  const isWhole =
    vectors instanceof Float32Array &&
    colors instanceof Float32Array &&
    vectors.length === batch.numRows * dim &&
    colors.length === batch.numRows * COLOR_SIGNATURE_LENGTH;
  // Damaged bytes can be vectors that are nearest to every query, or no numbers at all.
  if (!isWhole || !areUnitVectors(vectors, dim)) throw new LookalikeError('CATALOG_UNREADABLE');
  const [subjectColors, versions] = SUBJECT_COLUMNS.map((name) => batch.getChild(name));
  const subjects = Array.from({ length: batch.numRows }, (_, i) => {
    const found = subjectColorsOf(subjectColors?.get(i), versions?.get(i));
    return found?.length ? found : null;
  });
  return { vectors, colors: toColorBytes(colors), subjects };
}

/** The largest deviation of a vector's length from 1. Rounding alone changes it by a hundred-thousandth. */
const LENGTH_TOLERANCE = 1e-3;

function areUnitVectors(flat: Float32Array, dim: number): boolean {
  for (let from = 0; from < flat.length; from += dim) {
    let square = 0;
    for (let i = from; i < from + dim; i++) square += (flat[i] ?? 0) ** 2;
    // Negated, so that NaN fails.
    if (!(Math.abs(Math.sqrt(square) - 1) <= LENGTH_TOLERANCE)) return false;
  }
  return true;
}
