import { colorSignature, subjectSignature } from './color.ts';
import { type PixelSpec, readPixels } from './photo.ts';
import { maskOnPlain } from './plain-background.ts';

/** All of a picture, squashed: a model's square would lack the ends of a long one. More pixels gained nothing. */
const SQUARE: PixelSpec = { size: 128, resize: 'squash', kernel: 'linear' };

/**
 * The colours of the subject of a catalog picture, as `colorSignature` describes them: on a plain background those of what
 * stands before it, elsewhere those of the whole picture. They are made of the thumbnail, which the catalog keeps, so a picture
 * that an earlier release has imported gets the same colours as a new one.
 * @throws LookalikeError IMAGE_*
 */
export async function catalogSubjectColors(thumbnail: Uint8Array): Promise<Float32Array> {
  const { pixels } = await readPixels(thumbnail, SQUARE);
  const mask = maskOnPlain(pixels, SQUARE.size);
  const subject = mask && subjectSignature({ pixels, mask, size: SQUARE.size });
  return subject ?? colorSignature(pixels, SQUARE.size);
}
