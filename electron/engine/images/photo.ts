import type { Metadata, Sharp, SharpOptions } from 'sharp';
import { LookalikeError } from '../../contract/errors.ts';
import type { CropBox } from '../../contract/search.ts';
import { detectFormat, type Format } from './format.ts';
import { type Box, placement, type Size, toPixels, trimmed } from './geometry.ts';
import { heicToTiff } from './heic.ts';
import { jpegSize } from './jpeg-size.ts';
import { loadSharp } from './sharp-build.ts';

const MAX_BYTES = 40e6;
const MAX_PIXELS = 60e6;
const MAX_SECONDS = 10;

const THUMBNAIL = { side: 320, quality: 80, effort: 0 } as const;
const PREVIEW = { side: 1600, quality: 85, effort: 0 } as const;

/** How a model wants its input, from its manifest. */
export interface PixelSpec {
  /** The side of the model's square, in pixels. */
  size: number;
  /** `cover`: the shortest side to `size`, then the centre square. `squash`: both sides to `size`. */
  resize: 'cover' | 'squash';
  kernel: 'cubic' | 'linear' | 'lanczos3';
}

/** A picture for a model: `size` x `size` x 3 sRGB bytes, row by row, and the size of the upright original. */
export interface Pixels extends Size {
  pixels: Uint8Array;
}

/** A picture that was checked and can be decoded again and again. */
interface Source extends Size {
  format: Format;
  open(): Sharp;
}

/**
 * The pixels that a model sees: upright, in sRGB, alpha laid on white, resized as the spec says.
 *
 * @throws LookalikeError IMAGE_UNREADABLE, IMAGE_UNSUPPORTED, IMAGE_TOO_LARGE, IMAGE_TOO_SLOW, CROP_INVALID
 */
export async function readPixels(bytes: Uint8Array, spec: PixelSpec, crop?: CropBox): Promise<Pixels> {
  const source = await inspect(bytes);
  return { pixels: await toSquare(source, spec, crop), width: source.width, height: source.height };
}

/**
 * A catalog picture's pixels, as a search sees them, and its thumbnail: WebP, the longest side at most 320 px. Throws as
 * `readPixels` does.
 */
export async function readForCatalog(
  bytes: Uint8Array,
  spec: PixelSpec,
): Promise<Pixels & { thumbnail: Uint8Array }> {
  const inspected = await inspect(bytes);
  // A JPEG decodes at a fraction of its size: doing so twice costs less than doing it once in full.
  const source = inspected.format === 'JPEG' ? inspected : await decodeOnce(inspected);
  const [pixels, thumbnail] = await Promise.all([toSquare(source, spec), toWebp(source, THUMBNAIL)]);
  return { pixels, thumbnail, width: source.width, height: source.height };
}

/**
 * An upright WebP, the longest side at most 1600 px, for what a browser cannot show, and the size of the upright
 * original. Throws as `readPixels` does.
 */
export async function makePreview(bytes: Uint8Array): Promise<Size & { bytes: Uint8Array }> {
  const source = await inspect(bytes);
  return { bytes: await toWebp(source, PREVIEW), width: source.width, height: source.height };
}

async function inspect(bytes: Uint8Array): Promise<Source> {
  if (bytes.length > MAX_BYTES) throw new LookalikeError('IMAGE_TOO_LARGE');
  const format = detectFormat(bytes);
  const readable =
    format === 'HEIC' ? await heicToTiff(bytes, { pixels: MAX_PIXELS, seconds: MAX_SECONDS }) : bytes;
  const sharp = await loadSharp();
  const options: SharpOptions = {
    // Cut-off files fail here. 'warning' would also refuse whole photos that Samsung phones write with odd headers.
    failOn: 'error',
    limitInputPixels: MAX_PIXELS,
    limitInputChannels: 5,
    pages: 1,
  };
  const open = () => sharp(readable, options).autoOrient().timeout({ seconds: MAX_SECONDS });
  const known = format === 'JPEG' ? jpegSize(bytes) : null;
  const { width, height } = known ?? (await settle<Metadata>(open().metadata(), format)).autoOrient;
  return { format, open, width, height };
}

/** The same picture, whole and in memory. */
async function decodeOnce(source: Source): Promise<Source> {
  const sharp = await loadSharp();
  const image = source.open().flatten({ background: '#fff' }).toColourspace('srgb').raw();
  const { data, info } = await settle(image.toBuffer({ resolveWithObject: true }), source.format);
  if (info.channels !== 3) throw damaged(source.format);
  const raw = { width: info.width, height: info.height, channels: info.channels };
  return { ...source, open: () => sharp(data, { raw, limitInputPixels: MAX_PIXELS }) };
}

async function toSquare(source: Source, spec: PixelSpec, crop?: CropBox): Promise<Uint8Array> {
  const image = select(source, spec, crop).flatten({ background: '#fff' }).toColourspace('srgb').raw();
  const { data } = await settle(image.toBuffer({ resolveWithObject: true }), source.format);
  // A damaged JPEG can come out with two channels whatever was asked for.
  if (data.length !== spec.size * spec.size * 3) throw damaged(source.format);
  return data;
}

/**
 * Cuts the model's square out of the picture. What is enlarged is cut out first, so that a thin picture does not
 * become a huge one.
 */
function select(source: Source, spec: PixelSpec, crop?: CropBox): Sharp {
  const box = crop ? toPixels(crop, source) : { left: 0, top: 0, width: source.width, height: source.height };
  const to = placement(box, spec);
  if (to.width <= box.width && to.height <= box.height) {
    return cut(source.open(), scaledFrame(source, box, to, spec.size), spec);
  }
  const part = spec.resize === 'cover' ? trimmed(box) : box;
  return cut(source.open().extract(part), placement(part, spec), spec);
}

/** Resizes to the frame's size, and cuts the square at the frame's offset. */
function cut(image: Sharp, { left, top, width, height }: Box, { size, kernel }: PixelSpec): Sharp {
  // JPEG and WebP decode smaller by themselves, and cheaply; twice the size wanted leaves the kernel its say. Down to
  // the size wanted, embeddings drifted from the reference's (cosine 0.996 in place of 0.9995).
  const resized = image.resize(width, height, { fit: 'fill', kernel, fastShrinkOnLoad: false });
  return resized.extract({ left, top, width: size, height: size });
}

/**
 * Shrinks the whole picture and cuts out of the result, which lets JPEG and WebP decode at a fraction of their size.
 * The box's edges move by less than half a pixel of the result.
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

/**
 * Waits for sharp, but not longer than is allowed, and turns its errors into ours. sharp's own time limit stops the
 * work; ours is for the AVIF decoder, which does not listen until it is done.
 */
async function settle<T>(work: Promise<T>, format: Format): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const overdue = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('timeout')), MAX_SECONDS * 1000);
  });
  try {
    return await Promise.race([work, overdue]);
  } catch (error) {
    const reason = error instanceof Error ? error.message : '';
    if (/exceeds pixel limit/.test(reason)) throw new LookalikeError('IMAGE_TOO_LARGE', { cause: error });
    if (/timeout/.test(reason)) throw new LookalikeError('IMAGE_TOO_SLOW', { cause: error });
    throw damaged(format, error);
  } finally {
    clearTimeout(timer);
  }
}

function damaged(format: Format, cause?: unknown): LookalikeError {
  return new LookalikeError('IMAGE_UNREADABLE', {
    detail: `This ${format} file is damaged or incomplete.`,
    cause,
  });
}
