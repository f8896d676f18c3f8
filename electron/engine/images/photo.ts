import { LookalikeError } from '../../contract/errors.ts';
import type { Fault } from '../../contract/faults.ts';
import type { CropBox } from '../../contract/search.ts';
import type { Size } from './geometry.ts';
import { type PixelSpec, squareOf, toSquare } from './model-square.ts';
import {
  type Decoded,
  decodeOnce,
  decodeStored,
  decodeWith,
  inspect,
  type Source,
  type Stored,
  settle,
} from './source.ts';

/** The most pixels of the longest side of a thumbnail. */
export const THUMBNAIL_SIDE = 320;
const THUMBNAIL = { side: THUMBNAIL_SIDE, quality: 80, effort: 0 } as const;
const PREVIEW = { side: 1600, quality: 85, effort: 0 } as const;

/** A picture for a model: `size` x `size` x 3 sRGB bytes, row by row, and the size of the upright original. */
export interface Pixels extends Size {
  pixels: Uint8Array;
}

/** A query's photo for a model. */
export interface PhotoPixels extends Pixels {
  /** The file is truncated or damaged: the missing part is grey or black. */
  incomplete: boolean;
  /** The file has a rotation that not every program applies. */
  turned: boolean;
}

/**
 * Decodes the pixels for a model: upright, in sRGB, with alpha over white, resized as the spec says. A JPEG may lack its end
 * marker, as browsers and phones allow.
 * @throws LookalikeError IMAGE_UNREADABLE, IMAGE_UNSUPPORTED, IMAGE_TOO_LARGE, IMAGE_TOO_SLOW, CROP_INVALID
 */
export async function readPixels(bytes: Uint8Array, spec: PixelSpec, crop?: CropBox): Promise<Pixels> {
  const source = await inspect(bytes);
  const { decoded } = await decodeWith(source, false, (each) => toSquare(each, spec, crop));
  const { width, height } = source.original;
  return { pixels: decoded, width, height };
}

/** A customer's photo, of which a query reads several squares. They throw CROP_INVALID, and what `openPhoto` throws. */
export interface OpenPhoto {
  /** Reads all of it for a model: what the first answer waits for. */
  whole(spec: PixelSpec): Promise<PhotoPixels>;
  /** Reads a further square: a part of it, or all of it for another model. */
  square(spec: PixelSpec, crop?: CropBox): Promise<PhotoPixels>;
  /** Begins to decode what further squares are read from, while somebody does something else. */
  prepare(): void;
}

/** JPEG and WebP are decoded at a fraction of their size, which is fastest for one square. */
const SCALABLE: readonly string[] = ['JPEG', 'WebP'];

/** The least pixels of the shortest side of what further squares are read from. */
const FURTHER_SIDE = 900;

/**
 * Opens a customer's photo. It is inspected once, and decoded once where that takes long (HEIC, AVIF, PNG); JPEG and WebP are decoded
 * twice, for the whole at a fraction of their size and then for all further squares. Unlike in `readPixels`, a truncated photo is read as
 * far as it goes, and `incomplete` says so.
 * @throws LookalikeError IMAGE_UNREADABLE, IMAGE_UNSUPPORTED, IMAGE_TOO_LARGE, IMAGE_TOO_SLOW
 */
export async function openPhoto(bytes: Uint8Array): Promise<OpenPhoto> {
  const inspected = await inspect(bytes);
  const { turned, original } = inspected;
  const once = SCALABLE.includes(inspected.format) ? null : await decodeWith(inspected, true, decodeOnce);
  const source = once?.decoded ?? inspected;
  let kept: Promise<Decoded<Stored & { isAll: boolean }>> | null = null;
  const decodeKept = () => {
    kept ??= decodeWith(inspected, true, (each) => decodeStored(each, FURTHER_SIDE));
    return kept;
  };
  const asRead = ({ decoded, incomplete }: Decoded<Uint8Array>): PhotoPixels => {
    const { width, height } = original;
    return { pixels: decoded, width, height, turned, incomplete: incomplete || once?.incomplete === true };
  };
  const read = async (spec: PixelSpec, crop?: CropBox) =>
    asRead(await decodeWith(source, true, (each) => toSquare(each, spec, crop)));
  return {
    whole: (spec) => read(spec),
    square: async (spec, crop) => {
      if (once) return read(spec, crop);
      const { decoded, incomplete } = await decodeKept();
      const square = squareOf(decoded, spec, crop);
      return square ? asRead({ decoded: await square, incomplete }) : read(spec, crop);
    },
    // Whoever reads a square is told of the failure.
    prepare: () => void (once ?? decodeKept().catch(() => {})),
  };
}

/** Decoding a JPEG to so little takes a fraction of the time of all of it. */
const SMALLEST: PixelSpec = { size: 32, resize: 'squash', kernel: 'linear' };

/** Why a file cannot be searched with as a photo; null where it can, if only in part. */
export async function photoFault(bytes: Uint8Array): Promise<Fault | null> {
  try {
    await (await openPhoto(bytes)).whole(SMALLEST);
    return null;
  } catch (error) {
    if (error instanceof LookalikeError) return error.fault;
    throw error;
  }
}

/**
 * Decodes a catalog picture's pixels, as a search does, and its thumbnail: WebP, the longest side at most 320 px. Throws the
 * errors of `readPixels`.
 */
export async function readForCatalog(
  bytes: Uint8Array,
  spec: PixelSpec,
): Promise<Pixels & { thumbnail: Uint8Array }> {
  const inspected = await inspect(bytes);
  const { decoded } = await decodeWith(inspected, false, async (each) => {
    // A JPEG is decoded at a fraction of its size: doing that twice costs less than decoding it once in full.
    const source = each.format === 'JPEG' ? each : await decodeOnce(each);
    return Promise.all([toSquare(source, spec), toWebp(source, THUMBNAIL)]);
  });
  const [pixels, thumbnail] = decoded;
  const { width, height } = inspected.original;
  return { pixels, thumbnail, width, height };
}

/** A picture as a browser shows it. */
export interface ShownPicture {
  bytes: Uint8Array;
  type: 'image/webp' | 'image/jpeg' | 'image/png';
}

/** A file of at most so many bytes and pixels a side is shown as it is: making another picture of it would take longer. */
const SMALL = { bytes: 300_000, side: 1600 } as const;
const LARGE = { side: 800, quality: 80 } as const;
const SHOWN_AS: Partial<Record<Source['format'], ShownPicture['type']>> = {
  JPEG: 'image/jpeg',
  PNG: 'image/png',
  WebP: 'image/webp',
};

/**
 * Decodes the pixels of a photo for a model, as far as it goes, with what is shown of it later, when the file may be gone: a
 * thumbnail (JPEG, the longest side at most 320 px) and a large picture (at most 800 px, or the file itself).
 * @throws LookalikeError IMAGE_UNREADABLE, IMAGE_UNSUPPORTED, IMAGE_TOO_LARGE, IMAGE_TOO_SLOW
 */
export async function readAndShow(
  bytes: Uint8Array,
  spec: PixelSpec,
): Promise<PhotoPixels & { thumbnail: ShownPicture; large: ShownPicture }> {
  const inspected = await inspect(bytes);
  const { turned, original } = inspected;
  const itself = asItIs(bytes, inspected);
  const { decoded, incomplete } = await decodeWith(inspected, true, async (each) => {
    const source = SCALABLE.includes(each.format) ? each : await decodeOnce(each);
    const made = itself ? null : toJpeg(source, LARGE);
    return Promise.all([toSquare(source, spec), toJpeg(source, THUMBNAIL), made]);
  });
  const [pixels, thumbnail, made] = decoded;
  const large: ShownPicture = itself ?? {
    bytes: made ?? thumbnail,
    type: 'image/jpeg',
  };
  return {
    pixels,
    ...original,
    turned,
    incomplete,
    thumbnail: { bytes: thumbnail, type: 'image/jpeg' },
    large,
  };
}

/** The file itself, where it is small and browsers show it; else null. */
function asItIs(bytes: Uint8Array, { format, original }: Source): ShownPicture | null {
  const type = SHOWN_AS[format];
  const isSmall = bytes.length <= SMALL.bytes && Math.max(original.width, original.height) <= SMALL.side;
  return type && isSmall ? { bytes, type } : null;
}

/**
 * Makes an upright WebP, the longest side at most 1600 px, of pictures that a browser cannot show or shows differently, with
 * the size of the upright original. Throws the errors of `readPixels`.
 */
export async function makePreview(bytes: Uint8Array): Promise<Size & { bytes: Uint8Array }> {
  const source = await inspect(bytes);
  const { decoded } = await decodeWith(source, true, (each) => toWebp(each, PREVIEW));
  const { width, height } = source.original;
  return { bytes: decoded, width, height };
}

async function toWebp(
  source: Source,
  { side, quality, effort }: { side: number; quality: number; effort: number },
): Promise<Uint8Array> {
  const image = source
    .open()
    .flatten({ background: '#fff' })
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .webp({ quality, effort });
  return settle(image.toBuffer(), source.format);
}

/** A JPEG with its size. */
export interface PrintedPicture extends Size {
  bytes: Uint8Array;
}

/**
 * A picture as JPEG for a page that is printed or a workbook: a PDF keeps a JPEG as it is, and a WebP as all of its pixels.
 * Throws the errors of `readPixels`.
 * @param side the most pixels of its longest side
 */
export async function toPrinted(bytes: Uint8Array, side: number): Promise<PrintedPicture> {
  const source = await inspect(bytes);
  const { decoded } = await decodeWith(source, true, async (each) => {
    const image = each
      .open()
      .flatten({ background: '#fff' })
      .resize(side, side, { fit: 'inside', withoutEnlargement: true })
      .jpeg({ quality: THUMBNAIL.quality });
    return settle(image.toBuffer({ resolveWithObject: true }), each.format);
  });
  return { bytes: decoded.data, width: decoded.info.width, height: decoded.info.height };
}

/** A JPEG is encoded several times as fast as a WebP. */
async function toJpeg(
  source: Source,
  { side, quality }: { side: number; quality: number },
): Promise<Uint8Array> {
  const image = source
    .open()
    .flatten({ background: '#fff' })
    .resize(side, side, { fit: 'inside', withoutEnlargement: true })
    .jpeg({ quality });
  return settle(image.toBuffer(), source.format);
}
