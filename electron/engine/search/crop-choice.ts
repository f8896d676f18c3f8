import type { Searchable } from '../snapshot/searchable.ts';
import type { Calibration } from './calibration.ts';
import { combinedScores, evidenceOf, rankByEvidence, voteStrength } from './color.ts';
import { COLOR_RANKED } from './picture-ranking.ts';
import type { EmbeddedPhoto, QueryImage } from './query-image.ts';

/**
 * The deviations by which a proposed crop must be more like the catalog than the whole photo is. A subject that was found
 * wrongly, or that the catalog's pictures show with as much around it, is no nearer for being cut out (bench/README.md).
 */
const CROP_GAIN = 0.25;

/**
 * Chooses what of a photo is compared with the catalog: the whole photo, unless a proposed crop is clearly more like some
 * style. Filters are left aside, so that they do not change the crop.
 */
export async function chooseCrop(
  { whole, parts }: Pick<EmbeddedPhoto, 'whole' | 'parts'>,
  snapshot: Searchable,
  calibration: Calibration,
): Promise<QueryImage> {
  if (parts.length === 0) return whole;
  let best = { image: whole, score: (await bestScore(whole, snapshot, calibration)) + CROP_GAIN };
  for (const image of parts) {
    const score = await bestScore(image, snapshot, calibration);
    if (score > best.score) best = { image, score };
  }
  return best.image;
}

/** The score of the first result, in deviations above the ordinary. */
async function bestScore(
  { vector, colors, colorTrust }: QueryImage,
  snapshot: Searchable,
  calibration: Calibration,
): Promise<number> {
  const { neighbours } = await snapshot.nearest(vector, COLOR_RANKED, {});
  const { scales, color } = calibration;
  // By the catalog's scales and not the image's own: a part that is less like all pictures must not gain by it.
  const evidence = evidenceOf(neighbours, colors, scales);
  const weight = color.weight * colorTrust;
  const votes = voteStrength(calibration.familiarity(neighbours[0]?.score ?? 0));
  const [first = 0] = rankByEvidence(evidence, weight, votes);
  return combinedScores(evidence, weight)[first] ?? 0;
}
