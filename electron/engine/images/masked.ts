import type { PixelSpec } from './model-square.ts';
import type { Pixels } from './photo.ts';

/** A picture that is squashed to a square, and which of its pixels show its subject. */
export interface MaskedPicture {
  /** size x size x 3 sRGB bytes, row by row. */
  pixels: Uint8Array;
  /** size x size numbers: 0 for background to 1 for the subject. */
  mask: Float32Array;
  size: number;
}

/** What finds the subject of a picture: a loaded `SubjectModel`. */
export interface SubjectFinder {
  pixelSpec: PixelSpec;
  mask(pixels: Uint8Array): Promise<Float32Array>;
}

/**
 * Reads a picture and finds its subject.
 * @param read decodes it
 * @param ready awaited between the two: finding the subject blocks the engine's thread
 * @throws LookalikeError IMAGE_*, MODEL_MISMATCH, MODEL_OUTPUT_INVALID
 */
export async function readMasked(
  read: (spec: PixelSpec) => Promise<Pixels>,
  finder: SubjectFinder,
  ready: () => Promise<void> = async () => {},
): Promise<MaskedPicture> {
  const { pixels } = await read(finder.pixelSpec);
  await ready();
  return { pixels, mask: await finder.mask(pixels), size: finder.pixelSpec.size };
}
