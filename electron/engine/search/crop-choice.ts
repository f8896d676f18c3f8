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

/** What of a photo is compared with the catalog. */
export interface ChosenCrop {
  image: QueryImage;
  /** See `Calibration.familiarity`. */
  familiarity: number | null;
}

/**
 * Chooses what of a photo is compared with the catalog: the whole photo, unless a proposed crop is clearly more like some
 * style. Filters are left aside, so that they do not change the crop.
 */
export async function chooseCrop(
  { whole, parts }: Pick<EmbeddedPhoto, 'whole' | 'parts'>,
  snapshot: Searchable,
  calibration: Calibration,
): Promise<ChosenCrop> {
  const ofWhole = await compare(whole, snapshot, calibration);
  let best = { ...ofWhole, score: ofWhole.score + CROP_GAIN };
  for (const image of parts) {
    const ofPart = await compare(image, snapshot, calibration);
    if (ofPart.score > best.score) best = ofPart;
  }
  return best;
}

/** The score of the first result, in deviations above the ordinary. */
async function compare(
  image: QueryImage,
  snapshot: Searchable,
  calibration: Calibration,
): Promise<ChosenCrop & { score: number }> {
  const { vector, colors, colorTrust } = image;
  const { neighbours } = await snapshot.nearest(vector, COLOR_RANKED, {});
  const { scales, color } = calibration;
  // By the catalog's scales and not the image's own: a part that is less like all pictures must not gain by it.
  const evidence = evidenceOf(neighbours, colors, scales);
  const weight = color.weight * colorTrust;
  const familiarity = calibration.familiarity(neighbours[0]?.score ?? 0);
  const [first = 0] = rankByEvidence(evidence, weight, voteStrength(familiarity));
  return { image, familiarity, score: combinedScores(evidence, weight)[first] ?? 0 };
}
