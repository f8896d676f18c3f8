import type { Metadata, Sharp, SharpOptions } from 'sharp';
import { LookalikeError } from '../../contract/errors.ts';
import { MOST_PICTURE_BYTES, MOST_PICTURE_PIXELS } from '../../contract/limits.ts';
import { detectFormat, type Format, unreadable } from './format.ts';
import type { Size } from './geometry.ts';
import { heicToTiff } from './heic.ts';
import { readJpegHeader } from './jpeg-header.ts';
import { loadSharp, type SharpModule } from './sharp-build.ts';
import { readWebpHeader } from './webp-header.ts';

/** The most pixels of a JPEG that is decoded at a fraction of its size: a 200-megapixel phone camera's, with some margin. */
const MAX_SCALED_PIXELS = 250e6;
/** The most pixels that such a JPEG is reduced to. */
const SCALED_PIXELS = 30e6;
/** One picture may take this long. A slow PC with an import under way needs ten seconds for 100 megapixels. */
const MAX_SECONDS = 30;

/**
 * A picture that was checked and can be decoded repeatedly. Width and height are those of the upright picture that `open`
 * gives.
 */
export interface Source extends Size {
  format: Format;
  /** The size of the upright picture in the file. For a very large JPEG `open` gives a smaller one. */
  original: Size;
  /** EXIF rotates the picture. Programs that do not read EXIF in this format show it unrotated. */
  turned: boolean;
  /** How EXIF rotates what `openStored` gives: 1 to 8, 1 for not at all. */
  orientation: number;
  open(): Sharp;
  /** The picture as the file has it. Unlike one that is rotated first, it can be decoded at a fraction of its size. */
  openStored(): Sharp;
  /** Other ways to decode a damaged file, to be tried in this order when `open` fails. */
  repairs: readonly Repair[];
}

interface Repair extends Pick<Source, 'open' | 'openStored'> {
  /** Part of the picture is missing or wrong, and is grey or black in the result. */
  incomplete: boolean;
}

/**
 * Checks a file and determines how to decode it.
 * @throws LookalikeError IMAGE_UNREADABLE, IMAGE_UNSUPPORTED, IMAGE_TOO_LARGE, IMAGE_TOO_SLOW
 */
export async function inspect(bytes: Uint8Array): Promise<Source> {
  if (bytes.length > MOST_PICTURE_BYTES) throw new LookalikeError('IMAGE_TOO_LARGE');
  const format = detectFormat(bytes);
  const sharp = await loadSharp();
  const readable = await readableBytes(bytes, format);
  const header = format === 'JPEG' ? readJpegHeader(bytes) : null;
  const pixels = header ? header.width * header.height : 0;
  if (header?.oneScan && pixels > MOST_PICTURE_PIXELS && pixels <= MAX_SCALED_PIXELS)
    return scaledDown(sharp, readable, header);
  const opened = opener(sharp, readable, 'error');
  const upright = header && !header.exif ? header : format === 'WebP' ? readWebpHeader(bytes) : null;
  const known = upright && { autoOrient: upright, orientation: 1 };
  const { autoOrient, orientation = 1 } = known ?? (await settle<Metadata>(opened.open().metadata(), format));
  const { width, height } = autoOrient;
  return {
    format,
    ...opened,
    orientation,
    width,
    height,
    original: { width, height },
    turned: orientation !== 1,
    repairs: repairsOf(sharp, readable, format),
  };
}

/** The picture in a format that sharp's builds can decode. */
async function readableBytes(bytes: Uint8Array, format: Format): Promise<Uint8Array> {
  if (format === 'HEIC') return heicToTiff(bytes, { pixels: MOST_PICTURE_PIXELS, seconds: MAX_SECONDS });
  if (format !== 'AVIF' || Buffer.from(bytes.subarray(8, 12)).toString('latin1') !== 'avis') return bytes;
  // The file is an animation. libvips recognises AVIF only by its first brand, and decodes the still picture when that brand
  // is a picture's.
  const still = Buffer.from(bytes);
  still.write('avif', 8, 'latin1');
  return still;
}

/**
 * @param failOn 'error' refuses truncated files. 'warning' would also refuse complete photos that Samsung phones write with
 * unusual headers.
 */
function opener(
  sharp: SharpModule,
  bytes: Uint8Array,
  failOn: SharpOptions['failOn'],
  pixels = MOST_PICTURE_PIXELS,
) {
  const options: SharpOptions = { failOn, limitInputPixels: pixels, limitInputChannels: 5, pages: 1 };
  const openStored = () => sharp(bytes, options).timeout({ seconds: MAX_SECONDS });
  return { openStored, open: () => openStored().autoOrient() };
}

function repairsOf(sharp: SharpModule, bytes: Uint8Array, format: Format): Repair[] {
  // The other decoders give nothing for a truncated file.
  if (format !== 'JPEG' && format !== 'PNG') return [];
  const cut = { ...opener(sharp, bytes, 'none'), incomplete: true };
  if (format === 'PNG') return [cut];
  // If only the end marker is missing, adding it is enough: the decoder warns about anything else.
  const ended = () => opener(sharp, Buffer.concat([bytes, Buffer.from([0xff, 0xd9])]), 'warning');
  const whole = { open: () => ended().open(), openStored: () => ended().openStored(), incomplete: false };
  return [whole, cut];
}

/** Decodes a JPEG with too many pixels once, at a half, a quarter or an eighth of its size, and keeps the result. */
async function scaledDown(sharp: SharpModule, bytes: Uint8Array, header: Size): Promise<Source> {
  const { open } = opener(sharp, bytes, 'error', MAX_SCALED_PIXELS);
  const { autoOrient, orientation = 1 } = await settle<Metadata>(open().metadata(), 'JPEG');
  const factor = [2, 4].find((each) => (header.width * header.height) / each ** 2 <= SCALED_PIXELS) ?? 8;
  // Rounded down: the decoder would not shrink by the factor for a size just above.
  const [width, height] = [Math.floor(autoOrient.width / factor), Math.floor(autoOrient.height / factor)];
  const scaled = open().resize(width, height, { fit: 'fill' });
  const raw = await toRaw(scaled, 'JPEG');
  const turned = orientation !== 1;
  const original = { width: autoOrient.width, height: autoOrient.height };
  return { format: 'JPEG', width, height, original, turned, ...raw, repairs: [] };
}

/** Decodes the whole picture once and keeps it in memory. */
export async function decodeOnce(source: Source): Promise<Source> {
  return { ...source, ...(await toRaw(source.open(), source.format)), repairs: [] };
}

/** A picture as its file has it, decoded. Width and height are those of the upright picture. */
export type Stored = Pick<Source, 'format' | 'openStored' | 'orientation' | 'width' | 'height'>;

/**
 * Decodes the picture as it is stored once and keeps it in memory, at a half, a quarter or an eighth of its size where its shortest side
 * then still has so many pixels: that is where decoders of JPEG and WebP save most. `isAll` says that it has its full size.
 */
export async function decodeStored(source: Source, least: number): Promise<Stored & { isAll: boolean }> {
  const { format, orientation } = source;
  const factor = [8, 4, 2].find((each) => Math.min(source.width, source.height) / each >= least) ?? 1;
  // Rounded down: the decoder would not shrink by the factor for a size just above.
  const [width, height] = [Math.floor(source.width / factor), Math.floor(source.height / factor)];
  const [across, down] = orientation > 4 ? [height, width] : [width, height];
  const stored = source.openStored();
  const image = factor === 1 ? stored : stored.resize(across, down, { fit: 'fill' });
  const { openStored } = await toRaw(image, format);
  return { format, orientation, width, height, openStored, isAll: factor === 1 };
}

async function toRaw(
  image: Sharp,
  format: Format,
): Promise<Pick<Source, 'open' | 'openStored' | 'orientation'>> {
  const sharp = await loadSharp();
  const rgb = image.flatten({ background: '#fff' }).toColourspace('srgb').raw();
  const { data, info } = await settle(rgb.toBuffer({ resolveWithObject: true }), format);
  if (info.channels !== 3) throw damaged(format);
  const raw = { width: info.width, height: info.height, channels: info.channels };
  const open = () => sharp(data, { raw, limitInputPixels: MOST_PICTURE_PIXELS });
  return { open, openStored: open, orientation: 1 };
}

/** What was made of a picture, and whether a part of the picture is missing. */
export interface Decoded<T> {
  decoded: T;
  incomplete: boolean;
}

/**
 * Decodes a picture, and a damaged one by its repairs.
 * @param bearsCut whether a picture with a missing part is acceptable
 * @throws LookalikeError the error of the first attempt, when no other succeeds
 */
export async function decodeWith<T>(
  source: Source,
  bearsCut: boolean,
  decode: (source: Source) => Promise<T>,
): Promise<Decoded<T>> {
  try {
    return { decoded: await decode(source), incomplete: false };
  } catch (error) {
    if (!(error instanceof LookalikeError) || error.code !== 'IMAGE_UNREADABLE') throw error;
    for (const { incomplete, ...repaired } of source.repairs) {
      if (incomplete && !bearsCut) continue;
      try {
        return { decoded: await decode({ ...source, ...repaired }), incomplete };
      } catch (again) {
        if (!(again instanceof LookalikeError)) throw again;
      }
    }
    throw error;
  }
}

/**
 * Waits for sharp up to a time limit, and converts its errors to LookalikeErrors. sharp's own time limit stops the work;
 * this one is for the AVIF decoder, which cannot be interrupted.
 */
export async function settle<T>(work: Promise<T>, format: Format): Promise<T> {
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

export function damaged(format: Format, cause?: unknown): LookalikeError {
  return unreadable({ reason: 'damaged', format }, cause);
}
