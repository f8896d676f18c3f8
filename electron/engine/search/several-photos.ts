import type { FurtherPhoto } from '../../contract/search.ts';
import { unit } from '../model/graph.ts';
import { type KnownOfPhotos, NOTHING_TAKEN, type TakenOut, withoutCommonPart } from './photo-shift.ts';
import type { QueryPhoto } from './query.ts';
import type { EmbeddedPhoto, QueryImage } from './query-image.ts';
import { meanOf } from './statistics.ts';

/** A photo of a query as it was embedded. */
export interface SeenPhoto {
  photo: QueryPhoto;
  embedded: EmbeddedPhoto;
}

/**
 * Photos of one item as one picture: the mean of their embeddings and of their colours. Front and back together are nearer to the
 * catalog's picture of their product than to other things that look like one of them (bench/README.md). What photos have in common is
 * taken out of each of them.
 */
export function asOneImage(
  images: readonly QueryImage[],
  known: KnownOfPhotos,
): { image: QueryImage | null } & TakenOut {
  const [first, ...others] = images.map((image) => withoutCommonPart(image, known));
  if (!first) return { image: null, ...NOTHING_TAKEN };
  if (others.length === 0) return first;
  const all = [first, ...others];
  const commons = all.flatMap(({ common }) => common ?? []);
  return {
    image: meanImage(all.map(({ image }) => image)),
    shift: meanOf(all.map(({ shift }) => shift)),
    // Of a photo that nothing was taken out of it is 0.
    common: commons.length > 0 ? sumOf(commons).map((value) => value / all.length) : null,
  };
}

function meanImage(images: readonly QueryImage[]): QueryImage | null {
  const [first] = images;
  if (!first) return null;
  const subjects = images.flatMap(({ colors }) => colors.subject ?? []);
  const areChanged = images.some(({ own }) => own !== null);
  return {
    vector: unit(sumOf(images.map(({ vector }) => vector))),
    own: areChanged ? unit(sumOf(images.map(({ own, vector }) => own ?? vector))) : null,
    closer: images.some(({ closer }) => closer),
    colors: {
      picture: meanColors(images.map(({ colors }) => colors.picture)),
      subject: subjects.length > 0 ? meanColors(subjects) : null,
    },
    colorTrust: meanOf(images.map(({ colorTrust }) => colorTrust)),
    crop: first.crop,
  };
}

/** What is answered of the photos after the first. */
export function furtherPhotos(seen: readonly SeenPhoto[], images: readonly QueryImage[]): FurtherPhoto[] {
  return seen.map(({ embedded }, i) => ({ ...embedded.photo, crop: images[i]?.crop ?? null })).slice(1);
}

function sumOf(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (const [i, value] of vector.entries()) sum[i] = (sum[i] ?? 0) + value;
  return sum;
}

/** Signatures are of one length (`toColorBytes`), so their mean says as much of each. */
function meanColors(signatures: readonly Uint8Array[]): Uint8Array {
  const sum = sumOf(signatures.map((bytes) => Float32Array.from(bytes)));
  return Uint8Array.from(sum, (value) => Math.round(value / signatures.length));
}
