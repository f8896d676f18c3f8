import type { Sharp } from 'sharp';
import type { CropBox } from '../../contract/search.ts';
import { type Box, placement, type Size, toPixels, trimmed } from './geometry.ts';
import { asStored, upright } from './orientation.ts';
import { damaged, type Source, type Stored, settle } from './source.ts';

/** The form of the pixels that a model takes, from its manifest. */
export interface PixelSpec {
  /** The side of the model's square, in pixels. */
  size: number;
  /** `cover`: the shortest side to `size`, then the central square. `squash`: both sides to `size`. */
  resize: 'cover' | 'squash';
  kernel: 'cubic' | 'linear' | 'lanczos3';
}

/**
 * Reads a model's square of a picture: of all of it, or of a part.
 * @returns size x size x 3 sRGB bytes, row by row, upright, with alpha over white
 * @throws LookalikeError IMAGE_*, CROP_INVALID
 */
export async function toSquare(source: Source, spec: PixelSpec, crop?: CropBox): Promise<Uint8Array> {
  const box = boxOf(source, crop);
  const to = placement(box, spec);
  if (to.width <= box.width && to.height <= box.height) return shrunk(source, box, to, spec);
  // A part that is to be enlarged is cropped first, so that a thin picture does not become a huge one.
  const part = spec.resize === 'cover' ? trimmed(box) : box;
  return pixelsOf(cut(source.open().extract(part), placement(part, spec), spec), source.format, spec);
}

/** The same of a picture that was decoded before; null where that has too few pixels: kernels want twice as many, or all that there are. */
export function squareOf(
  source: Stored & { isAll: boolean },
  spec: PixelSpec,
  crop?: CropBox,
): Promise<Uint8Array> | null {
  const box = boxOf(source, crop);
  const to = placement(box, spec);
  const least = source.isAll ? 1 : 2;
  if (to.width * least > box.width || to.height * least > box.height) return null;
  return shrunk(source, box, to, spec);
}

const boxOf = (whole: Size, crop: CropBox | undefined): Box =>
  crop ? toPixels(crop, whole) : { left: 0, top: 0, width: whole.width, height: whole.height };

/**
 * A picture that is to be shrunk is turned afterwards: phones turn nearly all their photos by EXIF, and a picture that is turned first is
 * decoded in full (36 ms instead of 11 at 900 x 1200, in WebAssembly).
 */
async function shrunk(source: Stored, box: Box, to: Box, spec: PixelSpec): Promise<Uint8Array> {
  const { orientation, format } = source;
  const frame = asStored(scaledFrame(source, box, to, spec.size), spec.size, orientation);
  return upright(await pixelsOf(cut(source.openStored(), frame, spec), format, spec), spec.size, orientation);
}

async function pixelsOf(image: Sharp, format: Source['format'], { size }: PixelSpec): Promise<Uint8Array> {
  const rgb = image.flatten({ background: '#fff' }).toColourspace('srgb').raw();
  const { data } = await settle(rgb.toBuffer({ resolveWithObject: true }), format);
  // A damaged JPEG can give two channels, whatever was requested.
  if (data.length !== size * size * 3) throw damaged(format);
  return data;
}

/** Resizes to the frame's size, and crops the square at the frame's offset. */
function cut(image: Sharp, { left, top, width, height }: Box, { size, kernel }: PixelSpec): Sharp {
  // JPEG and WebP decoders can shrink cheaply, but only to twice the wanted size, so that the kernel does the rest. When
  // they shrank to the wanted size, embeddings drifted from the reference's (cosine 0.996 instead of 0.9995).
  const resized = image.resize(width, height, { fit: 'fill', kernel, fastShrinkOnLoad: false });
  return resized.extract({ left, top, width: size, height: size });
}

/**
 * Shrinks the whole picture and crops the result, so that JPEG and WebP are decoded at a fraction of their size. The box's
 * edges move by less than half a pixel of the result.
 */
function scaledFrame(whole: Size, box: Box, to: Box, size: number): Box {
  const [x, y] = [to.width / box.width, to.height / box.height];
  const [width, height] = [Math.round(whole.width * x), Math.round(whole.height * y)];
  return {
    width,
    height,
    left: Math.min(Math.round(box.left * x) + to.left, width - size),
    top: Math.min(Math.round(box.top * y) + to.top, height - size),
  };
}
