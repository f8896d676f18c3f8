import { subjectSignature } from './color.ts';
import type { PixelSpec } from './model-square.ts';
import { readPixels } from './photo.ts';
import { maskOnPlain } from './plain-background.ts';

/** All of a picture, squashed: a model's square would lack the ends of a long one. More pixels gained nothing. */
const SQUARE: PixelSpec = { size: 128, resize: 'squash', kernel: 'linear' };

/**
 * The colours of the subject of a catalog picture, as `colorSignature` describes them: of what stands before a plain
 * background. They are made of the thumbnail, which the catalog keeps, so a picture
 * that an earlier release has imported gets the same colours as a new one.
 * @returns null where the background is not plain: the whole picture is compared then
 * @throws LookalikeError IMAGE_*
 */
export async function catalogSubjectColors(thumbnail: Uint8Array): Promise<Float32Array | null> {
  const { pixels } = await readPixels(thumbnail, SQUARE);
  const mask = maskOnPlain(pixels, SQUARE.size);
  return mask && subjectSignature({ pixels, mask, size: SQUARE.size });
}
