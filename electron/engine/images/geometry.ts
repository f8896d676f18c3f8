import { LookalikeError } from '../../contract/errors.ts';
import type { CropBox } from '../../contract/search.ts';

/** Size in pixels of an upright picture. */
export interface Size {
  width: number;
  height: number;
}

/** A box in whole pixels of an upright picture. */
export interface Box extends Size {
  left: number;
  top: number;
}

/**
 * The size that a picture is resized to, and the position of the model's square in it.
 *
 * `cover` is CLIP's rule as in Hugging Face's CLIPImageProcessor, which FashionCLIP was trained with: the shortest side
 * becomes `size`, the other is rounded down, and the square is centred with an odd pixel below and to the right.
 */
export function placement({ width, height }: Size, spec: { size: number; resize: 'cover' | 'squash' }): Box {
  const { size } = spec;
  if (spec.resize === 'squash') return { width: size, height: size, left: 0, top: 0 };
  const shortest = Math.min(width, height);
  const scaled = {
    width: Math.floor((size * width) / shortest),
    height: Math.floor((size * height) / shortest),
  };
  return {
    ...scaled,
    left: Math.floor((scaled.width - size) / 2),
    top: Math.floor((scaled.height - size) / 2),
  };
}

/**
 * The middle of a thin box, three times as long as wide: the central square, and all pixels around it that the kernel reads.
 */
export function trimmed({ left, top, width, height }: Box): Box {
  const cut = (long: number, short: number) => Math.max(0, Math.floor((long - 3 * short) / 2));
  const [across, down] = [cut(width, height), cut(height, width)];
  return { left: left + across, top: top + down, width: width - 2 * across, height: height - 2 * down };
}

/**
 * A crop in whole pixels: every pixel that it touches, at least one.
 * @throws LookalikeError CROP_INVALID when it does not lie inside the picture
 */
export function toPixels(crop: CropBox, { width, height }: Size): Box {
  const across = span(crop.x, crop.width, width);
  const down = span(crop.y, crop.height, height);
  return { left: across.from, top: down.from, width: across.length, height: down.length };
}

function span(start: number, extent: number, pixels: number): { from: number; length: number } {
  // Fractions of a screen's pixels add up to 1 only within their last digits.
  const slack = 1e-6;
  const inside = start >= 0 && start < 1 && extent > 0 && start + extent <= 1 + slack;
  if (!inside) throw new LookalikeError({ code: 'CROP_INVALID', params: { reason: 'outside' } });
  const from = Math.min(Math.floor(start * pixels + slack), pixels - 1);
  const to = Math.min(Math.ceil((start + extent) * pixels - slack), pixels);
  return { from, length: Math.max(1, to - from) };
}
