import { posix, win32 } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isUrl } from './resource.ts';

/** How many times an address may have been escaped. */
const MOST_ESCAPES = 3;
/** A longer text is taken as one reference. */
const MOST_CHARACTERS = 100_000;
const PAIRS = ['""', "''", '[]', '()', '<>', '“”', '«»', '``'];
/** The beginning of a web address, with slashes or backslashes. */
const ADDRESS = String.raw`(?:https?:[\\/]{1,2}|[\\/]{2})(?=[^\\/\s])`;
const HAS_ADDRESS = new RegExp(`(?:^|[^:/\\\\\\w])${ADDRESS}`, 'i');
const BEFORE_ADDRESS = new RegExp(String.raw`(?<![\s,;|])[\s,;|]+(?=["'<[(“«]?${ADDRESS})`, 'i');
const PICTURE_NAME = /\.(?:jpe?g|jfif|png|webp|gif|tiff?|avif|heic|heif|bmp|svg)["')\]]?$/i;
const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/**
 * Makes an image reference absolute; null when it must not be followed: a feed from the network must not name files of this
 * machine. Quotes, brackets and separators that exports leave around addresses are removed, and escapes (`&amp;`) are
 * decoded.
 *
 * A feed on this machine must not name files of another one: Windows would connect to `\\server\share` and offer it the
 * person's credentials. A feed that lies on a server may name files of that server.
 * @param base absolute path or http(s) URL of the feed
 * @param windows whether paths are Windows'
 */
export function resolveImageRef(
  ref: string,
  base: string,
  windows = process.platform === 'win32',
): string | null {
  const bare = bareRef(ref);
  if (isUrl(base)) {
    const address = addressIn(bare) ?? webAddress(bare);
    const url = URL.canParse(address, base) ? new URL(address, base).href : '';
    return isUrl(url) ? url : null;
  }
  const address = addressIn(bare);
  if (address !== null) return address.replace(/^\/\//, 'https://');
  const isFileUrl = /^file:/i.test(bare);
  if (!isFileUrl && /^[a-z][a-z0-9+.-]+:/i.test(bare)) return null;
  const { resolve, dirname } = windows ? win32 : posix;
  const path = isFileUrl ? pathOfFileUrl(bare, windows) : resolve(dirname(base), bare);
  return path !== null && windows && isElsewhere(path, resolve(base)) ? null : path;
}

/** Whether a reference that must not be followed names another computer; see `resolveImageRef`. */
export function namesComputer(ref: string): boolean {
  return /^(?:file:[\\/]{2}(?![\\/]|localhost[\\/])|[\\/]{2})/i.test(bareRef(ref));
}

/** @param path absolute, of Windows: on a server, by whichever name, or a device */
function isElsewhere(path: string, base: string): boolean {
  return /^[\\/]{2}/.test(path) && rootOf(path) !== rootOf(base);
}

/** The server of a path, also where it is written `\\?\UNC\server`. For a device (`\\?\C:`, `\\.\pipe`) its first two parts. */
const rootOf = (path: string): string => {
  const [first = '', second = '', third = ''] = path.replaceAll('/', '\\').slice(2).toLowerCase().split('\\');
  if (first !== '?' && first !== '.') return first;
  return second === 'unc' ? third : `${first}\\${second}`;
};

/** The address in a reference with a host, possibly without its scheme; null for any other reference. */
function addressIn(ref: string): string | null {
  if (/^(https?:([\\/]|&#)|\/\/)/i.test(ref)) return webAddress(ref);
  return /^www\.[\w.-]+\//i.test(ref) ? `https://${webAddress(ref)}` : null;
}

/**
 * Decodes an address that was escaped for XML or HTML once too often, and turns backslashes into slashes. No address
 * contains `&amp;` itself.
 */
export function webAddress(written: string): string {
  return unescaped(written).replace(/^(https?:)[\\/]+/i, '$1//');
}

function unescaped(text: string): string {
  let plain = text;
  for (let times = 0; times < MOST_ESCAPES && plain.includes('&'); times++) {
    plain = plain.replaceAll(/&(?:#(\d{1,7})|#x([\da-f]{1,6})|(amp|lt|gt|quot|apos));/gi, entity);
  }
  return plain;
}

function entity(written: string, decimal?: string, hex?: string, name?: string): string {
  const code = decimal ? Number(decimal) : Number.parseInt(hex ?? '', 16);
  if (name !== undefined) return ENTITIES[name.toLowerCase()] ?? written;
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : written;
}

/** Removes quotes and brackets around a reference, and separators behind it. */
function bareRef(ref: string): string {
  let bare = ref.trim();
  for (let before = ''; bare !== before; ) {
    before = bare;
    const pair = (bare[0] ?? '') + (bare.at(-1) ?? '');
    if (bare.length > 2 && PAIRS.includes(pair)) bare = bare.slice(1, -1).trim();
    bare = bare.replace(/(?<!&#?\w{1,8})[;,|\s]+$/, '').replace(/^[,|\s]+/, '');
  }
  return bare;
}

function pathOfFileUrl(url: string, windows: boolean): string | null {
  try {
    return fileURLToPath(url, { windows });
  } catch {
    return null;
  }
}

/**
 * Other references that the feed may have meant when there is nothing at this one, likeliest first: addresses that were
 * escaped twice or in another Unicode normalisation, and file names without the parts that only an address has.
 * @param ref as `resolveImageRef` returns it
 */
export function otherSpellings(ref: string): string[] {
  const spellings = new Set<string>();
  if (isUrl(ref)) {
    const once = ref.replaceAll(/%25(?=[\da-f]{2})/gi, '%');
    spellings.add(once);
    for (const form of ['NFC', 'NFD']) spellings.add(reencoded(once, form));
  } else {
    for (const path of [ref, unescaped(ref), decoded(ref), decoded(unescaped(ref))]) {
      const slashed = path.replaceAll('\\', '/');
      for (const spelled of [path, slashed, slashed.replace(/[?#].*$/, '')]) spellings.add(spelled);
    }
  }
  spellings.delete(ref);
  return [...spellings];
}

function reencoded(url: string, form: string): string {
  const spelled = decoded(url);
  return spelled.normalize(form) === spelled ? url : encodeURI(spelled.normalize(form));
}

function decoded(text: string): string {
  try {
    return decodeURI(text);
  } catch {
    return text;
  }
}

/** Splits a text into its addresses, before each further address: a separator can be part of an address. */
export function splitAddresses(text: string): string[] {
  const several = text.length <= MOST_CHARACTERS && HAS_ADDRESS.test(text);
  return several ? webAddress(text).split(BEFORE_ADDRESS) : [text];
}

/**
 * Splits one cell of a table into references, at "|", ";", line ends, "," or spaces. A comma or space that may belong to an
 * address or a file's name does not split. A JSON list is read as one.
 */
export function splitImageRefs(cell: string): string[] {
  if (cell.length > MOST_CHARACTERS) return [cell];
  const refs = jsonList(cell) ?? (HAS_ADDRESS.test(cell) ? addressesOf(cell) : namesOf(cell));
  return refs.map((ref) => ref.trim()).filter((ref) => /[^\s,;|]/.test(ref));
}

function addressesOf(cell: string): string[] {
  // "…/a.jpg;jsessionid=1" is one address.
  return splitAddresses(cell).flatMap((part) => part.split(/[|\n]|;(?!\w+=)/));
}

function namesOf(cell: string): string[] {
  const parts = cell.split(/[|\n]|(?<!&#?\w{1,8});/);
  return parts.flatMap(atCommas).flatMap(atSpaces);
}

/** "front.jpg, back.jpg" and "front, back" are two, "Coat, red.jpg" is one. */
function atCommas(text: string): string[] {
  const names = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  const pictures = names.filter((name) => PICTURE_NAME.test(name));
  return pictures.length === 0 || pictures.length === names.length ? names : [text];
}

function atSpaces(text: string): string[] {
  const names = text.trim().split(/\s+/);
  return names.every((name) => PICTURE_NAME.test(name)) ? names : [text];
}

function jsonList(cell: string): string[] | null {
  if (!/^\s*\[\s*"/.test(cell)) return null;
  try {
    const list: unknown = JSON.parse(cell);
    return Array.isArray(list) ? list.filter((ref) => typeof ref === 'string') : null;
  } catch {
    return null;
  }
}
