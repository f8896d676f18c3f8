import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isUrl } from './resource.ts';

/**
 * An image reference made absolute, or null when it may not be followed: a feed from the network must not name files
 * of this machine.
 * @param base absolute path or http(s) URL of the feed
 */
export function resolveImageRef(ref: string, base: string): string | null {
  if (isUrl(base)) {
    const url = URL.canParse(ref, base) ? new URL(ref, base).href : '';
    return isUrl(url) ? url : null;
  }
  if (isUrl(ref)) return ref;
  if (ref.startsWith('//')) return `https:${ref}`;
  if (ref.startsWith('file:')) return pathOfFileUrl(ref);
  if (/^[a-z][a-z0-9+.-]+:/i.test(ref)) return null;
  return resolve(dirname(base), ref);
}

function pathOfFileUrl(url: string): string | null {
  try {
    return fileURLToPath(url);
  } catch {
    return null;
  }
}

/**
 * The references of one cell of a table: parted by "|", ";" or line ends, by "," when no URL is among them, and before
 * each further URL.
 */
export function splitImageRefs(cell: string): string[] {
  const separators = /(?:https?:)?\/\//i.test(cell)
    ? /\s*[|;\n]\s*|[\s,]+(?=(?:https?:)?\/\/)/i
    : /\s*[|;,\n]\s*/;
  return cell.split(separators).filter((ref) => ref.trim() !== '');
}
