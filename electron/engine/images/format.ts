import { LookalikeError } from '../../contract/errors.ts';
import type { UnsupportedKind } from '../../contract/faults/pictures.ts';
import type { FaultParams } from '../../contract/faults.ts';

export type Format = 'JPEG' | 'PNG' | 'WebP' | 'GIF' | 'TIFF' | 'AVIF' | 'HEIC';

/** The first bytes of each format, in Latin-1, where one character is one byte. */
const SIGNATURES: readonly (readonly [string, Format])[] = [
  ['\xff\xd8\xff', 'JPEG'],
  ['\x89PNG\r\n\x1a\n', 'PNG'],
  ['GIF87a', 'GIF'],
  ['GIF89a', 'GIF'],
  ['II*\0', 'TIFF'],
  ['MM\0*', 'TIFF'],
];

/** Unsupported kinds of files that people do drop on the window. */
const REFUSED: readonly (readonly [string, UnsupportedKind])[] = [
  ['%PDF', 'pdf'],
  ['PK\x03\x04', 'zip'],
  ['\0\0\x01\0', 'icon'],
  ['\x1a\x45\xdf\xa3', 'video'],
  ['BM', 'bmp'],
  ['8BPS', 'photoshop'],
  ['\xff\x0a', 'jpeg-xl'],
  ['\0\0\0\x0cJXL ', 'jpeg-xl'],
  ['\0\0\0\x0cjP  ', 'jpeg-2000'],
];

/**
 * Detects a picture's format by its content, not by its name.
 * @throws LookalikeError IMAGE_UNSUPPORTED naming the kind of file, IMAGE_UNREADABLE when the kind is unknown
 */
export function detectFormat(bytes: Uint8Array): Format {
  if (bytes.length === 0) throw unreadable({ reason: 'empty' });
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 1024)).toString('latin1');
  const format = SIGNATURES.find(([start]) => head.startsWith(start))?.[1] ?? containedFormat(head);
  if (format) return format;
  const refused = REFUSED.find(([start]) => head.startsWith(start))?.[1] ?? refusedKind(head);
  if (refused) {
    throw new LookalikeError({ code: 'IMAGE_UNSUPPORTED', params: { kind: refused } });
  }
  throw unreadable({ reason: 'not-a-picture' });
}

export function unreadable(params: FaultParams['IMAGE_UNREADABLE'], cause?: unknown): LookalikeError {
  return new LookalikeError({ code: 'IMAGE_UNREADABLE', params }, { cause });
}

/** Formats that are one use of a general container. */
function containedFormat(head: string): Format | undefined {
  if (head.startsWith('RIFF') && head.startsWith('WEBP', 8)) return 'WebP';
  const brands = brandsOf(head);
  if (brands.some((brand) => /^avi[fs]$/.test(brand))) return 'AVIF';
  if (brands.some((brand) => /^he(i[cxms]|v[cxms])$/.test(brand))) return 'HEIC';
  return undefined;
}

function refusedKind(head: string): UnsupportedKind | undefined {
  const text = head.replace('\xef\xbb\xbf', '').trimStart().toLowerCase();
  if (/^<(!doctype html|html|head|body)/.test(text)) return 'web-page';
  if (text.startsWith('<') && text.includes('<svg')) return 'svg';
  const isVideo = brandsOf(head).length > 0 || (head.startsWith('RIFF') && head.startsWith('AVI ', 8));
  return isVideo ? 'video' : undefined;
}

/** The brands in the `ftyp` box that opens every file of the ISO base media family (ISO/IEC 14496-12, 4.3). */
function brandsOf(head: string): string[] {
  if (!head.startsWith('ftyp', 4)) return [];
  return head.slice(8, Math.max(16, head.charCodeAt(3))).match(/.{4}/gs) ?? [];
}
