import type { Document } from '../document.ts';
import { type Features, unpackFeatures } from '../features.ts';
import type { Row } from '../row.ts';

const ROWS_AT_ONCE = 50;

/** The rows that were compared, with what the model made of their pictures. Those whose features are lost are left out. */
export async function* featuresOfRows(
  document: Document,
  pause: () => Promise<void>,
): AsyncGenerator<{ row: Row; features: Features }> {
  const dim = document.state.about?.model.dim ?? 0;
  for (const [n, row] of [...document.state.rows.values()].entries()) {
    if (n % ROWS_AT_ONCE === 0) await pause();
    const packed = row.answer && row.picture ? await document.picture(row.picture.features) : null;
    const features = packed && unpackFeatures(packed, dim);
    if (features) yield { row, features };
  }
}
