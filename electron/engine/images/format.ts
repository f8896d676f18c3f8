import { LookalikeError } from '../../contract/errors.ts';

export type Format = 'JPEG' | 'PNG' | 'WebP' | 'GIF' | 'TIFF' | 'AVIF' | 'HEIC';

/** How each kind of file begins, in Latin-1, where one character is one byte. */
const SIGNATURES: readonly (readonly [string, Format])[] = [
  ['\xff\xd8\xff', 'JPEG'],
  ['\x89PNG\r\n\x1a\n', 'PNG'],
  ['GIF87a', 'GIF'],
  ['GIF89a', 'GIF'],
  ['II*\0', 'TIFF'],
  ['MM\0*', 'TIFF'],
];

/** Files that people do drop on the window, by the name they know them under. */
const REFUSED: readonly (readonly [string, string])[] = [
  ['%PDF', 'a PDF document, not a picture'],
  ['PK\x03\x04', 'a ZIP archive, not a picture'],
  ['\0\0\x01\0', 'an icon, not a picture'],
  ['\x1a\x45\xdf\xa3', 'a video, not a picture'],
  ['BM', 'a BMP picture, which is not supported'],
  ['8BPS', 'a Photoshop file, which is not supported'],
  ['\xff\x0a', 'a JPEG XL picture, which is not supported'],
  ['\0\0\0\x0cJXL ', 'a JPEG XL picture, which is not supported'],
  ['\0\0\0\x0cjP  ', 'a JPEG 2000 picture, which is not supported'],
];

/**
 * Tells a picture's format by its content, whatever its name says.
 *
 * @throws LookalikeError IMAGE_UNSUPPORTED naming what the file is, IMAGE_UNREADABLE when that cannot be told.
 */
export function detectFormat(bytes: Uint8Array): Format {
  if (bytes.length === 0) throw new LookalikeError('IMAGE_UNREADABLE', { detail: 'This file is empty.' });
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).toString('latin1');
  const format = SIGNATURES.find(([start]) => head.startsWith(start))?.[1] ?? containedFormat(head);
  if (format) return format;
  const refused = REFUSED.find(([start]) => head.startsWith(start))?.[1] ?? refusedKind(head);
  if (refused) {
    throw new LookalikeError('IMAGE_UNSUPPORTED', { detail: `This file is ${refused}.` });
  }
  throw new LookalikeError('IMAGE_UNREADABLE', {
    detail: 'This file is not a picture, or of a kind that is not known here.',
  });
}

/** Formats that are one use of a general container. */
function containedFormat(head: string): Format | undefined {
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return 'WebP';
  const brands = brandsOf(head);
  if (brands.some((brand) => /^avi[fs]$/.test(brand))) return 'AVIF';
  if (brands.some((brand) => /^he(i[cxms]|v[cxms])$/.test(brand))) return 'HEIC';
  return undefined;
}

function refusedKind(head: string): string | undefined {
  const text = head.replace('\xef\xbb\xbf', '').trimStart().toLowerCase();
  if (/^<(!doctype html|html|head|body)/.test(text)) return 'a web page, not a picture';
  if (text.startsWith('<') && text.includes('<svg')) return 'an SVG drawing, which is not supported';
  const isVideo = brandsOf(head).length > 0 || (head.startsWith('RIFF') && head.startsWith('AVI ', 8));
  return isVideo ? 'a video, not a picture' : undefined;
}

/** The brands in the `ftyp` box that opens every file of the ISO base media family (ISO/IEC 14496-12, 4.3). */
function brandsOf(head: string): string[] {
  if (!head.startsWith('ftyp', 4)) return [];
  return head.slice(8, Math.max(16, head.charCodeAt(3))).match(/.{4}/gs) ?? [];
}
