// A photo of a pile that is compared with the catalog while nobody waits for it.
import type { CropBox } from '../../contract/search.ts';
import { colorSignature, colorTrust } from '../images/color.ts';
import { openPhoto, readAndShow, type ShownPicture } from '../images/photo.ts';
import { squaresAlong } from '../images/squares.ts';
import { catalogSubjectColors } from '../images/subject-colors.ts';
import type { Embedder } from '../model/embedder.ts';
import { toColorBytes } from '../snapshot/color-bytes.ts';
import type { Candidate } from './fusion.ts';
import type { EmbeddedPhoto, QueryImage } from './query-image.ts';

/** An embedded photo, and what is shown of it later. */
export interface PilePhoto extends EmbeddedPhoto {
  thumbnail: ShownPicture;
  large: ShownPicture;
}

/** Styles by a photo, best first. */
export interface RankedPhoto {
  candidates: Candidate[];
  /** Of the first; null when there is none. */
  probability: number | null;
  /** The part of the photo that was compared; null is all of it. */
  crop: CropBox | null;
}

/** See `Search.embedInBulk`. */
export async function embedInBulk(bytes: Uint8Array, embedder: Embedder): Promise<PilePhoto> {
  const spec = embedder.pixelSpec;
  const read = await embedder.embedInBulk(async () => {
    const shown = await readAndShow(bytes, spec);
    const subject = await catalogSubjectColors(shown.thumbnail.bytes);
    return { ...shown, ...colorsOf(shown.pixels, spec.size), subject: subject && toColorBytes(subject) };
  });
  const { thumbnail, large, width, height, turned, incomplete, subject } = read;
  const whole = imageOf(read, subject, null);
  const parts: QueryImage[] = [];
  const boxes = squaresAlong({ width, height });
  const open = boxes.length > 0 ? await openPhoto(bytes) : null;
  for (const box of boxes) {
    const part = await embedder.embedInBulk(async () => {
      const { pixels } = (await open?.square(spec, box)) ?? read;
      return { pixels, ...colorsOf(pixels, spec.size) };
    });
    parts.push(imageOf(part, null, { box, proposed: true }));
  }
  return { whole, parts, photo: { width, height, turned, incomplete }, thumbnail, large };
}

function colorsOf(pixels: Uint8Array, size: number) {
  return { picture: toColorBytes(colorSignature(pixels, size)), trust: colorTrust(pixels, size) };
}

function imageOf(
  { vector, picture, trust }: { vector: Float32Array; picture: Uint8Array; trust: number },
  subject: Uint8Array | null,
  crop: QueryImage['crop'],
): QueryImage {
  return { vector, own: null, closer: false, colors: { picture, subject }, colorTrust: trust, crop };
}
