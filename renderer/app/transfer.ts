import { MOST_CHARACTERS } from '../match/words.ts';

/** The content of a drop or a paste, in the order in which Lookalike looks for it. */
export type Transfer =
  | { kind: 'files'; files: File[] }
  /** A picture inside the HTML, as from mail programs and Google Images. */
  | { kind: 'picture'; file: File }
  /** The address of a picture, or a page, on the web. */
  | { kind: 'address'; url: URL }
  | { kind: 'text'; text: string }
  /** A picture that only the program which showed it can read. */
  | { kind: 'unreachable' }
  /** The address of a file of this computer, without the file itself. */
  | { kind: 'file-address' }
  /** A picture inside a data address that is truncated or otherwise damaged. */
  | { kind: 'damaged' }
  | { kind: 'nothing' };

/** Twice a picture of 40 MB as base64. A larger text, from a hostile clipboard, would fill the memory. */
const MOST_HTML = 110_000_000;

/**
 * Reads a drop or a paste. Files come first, except when a spreadsheet adds a picture of its cells to their text; then a
 * picture inside the HTML, then its address, then text.
 */
export function readTransfer(data: DataTransfer): Transfer {
  const files = Array.from(data.files);
  const html = data.getData('text/html').slice(0, MOST_HTML);
  const text = data.getData('text/plain').trim();
  const image = html === '' ? null : imageIn(html);
  if (files.length > 0 && !(isPictureOfText(files, text) && image === null)) return { kind: 'files', files };
  if (image !== null) {
    const found = fromAddress(image);
    // A file in an HTML fragment belongs to the other program, such as Word.
    return found === null || found.kind === 'file-address' ? { kind: 'unreachable' } : found;
  }
  const [uri = ''] = data
    .getData('text/uri-list')
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'));
  return (
    fromAddress(uri) ?? fromAddress(inCss(text) ?? text) ?? (text === '' ? { kind: 'nothing' } : words(text))
  );
}

/** Whether a drag may contain anything that `readTransfer` understands. During a drag only types are known. */
export function isReadable({ types }: DataTransfer): boolean {
  return ['Files', 'text/html', 'text/uri-list', 'text/plain'].some((type) => types.includes(type));
}

/** A picture of this size, in pixels, or smaller is not meant: mails use such pictures to count their readers. */
const TRACKING_PIXELS = 4;

/** The address of the first picture in an HTML fragment. The document is inert, so nothing of it is fetched. */
function imageIn(html: string): string | null {
  const parsed = new DOMParser().parseFromString(html, 'text/html');
  const images = parsed.querySelectorAll('img[src]');
  const image = Array.from(images).find((each) => !isTrackingPixel(each)) ?? images[0];
  return image?.getAttribute('src') ?? backgroundIn(parsed);
}

/** The first background picture. Its rules are read as text, because the page allows no inline styles. */
function backgroundIn(parsed: Document): string | null {
  for (const element of parsed.querySelectorAll('[style*="url("]')) {
    const address = inCss(element.getAttribute('style') ?? '');
    if (address !== null) return address;
  }
  return null;
}

/** The address in `background: url(…)`, or in `url(…)` alone; null for any other text. */
function inCss(text: string): string | null {
  return /(?:^|[\s:,])url\(\s*(["']?)((?:data:|https?:|\/\/)[^"')\s]+)\1\s*\)/i.exec(text)?.at(2) ?? null;
}

function isTrackingPixel(image: Element): boolean {
  return ['width', 'height'].some((side) => {
    const pixels = Number.parseInt(image.getAttribute(side) ?? '', 10);
    return pixels <= TRACKING_PIXELS;
  });
}

/** Excel and Numbers copy cells as text, HTML and a bitmap of them. */
function isPictureOfText(files: readonly File[], text: string): boolean {
  return text !== '' && files.every(({ type }) => type.startsWith('image/'));
}

/** Null when the text is not an address. */
function fromAddress(address: string): Transfer | null {
  if (/^data:/i.test(address)) return fromData(address);
  if (/^file:/i.test(address)) return { kind: 'file-address' };
  // The picture is in the memory of the page that shows it.
  if (/^(blob|cid|webkit-fake-url):/i.test(address)) return { kind: 'unreachable' };
  const web = address.startsWith('//') ? `https:${address}` : address;
  if (!/^https?:\/\/\S+$/i.test(web) || !URL.canParse(web)) return null;
  return { kind: 'address', url: new URL(web) };
}

/** The picture in a `data:` address (RFC 2397), whatever its declared type is. */
function fromData(address: string): Transfer {
  const comma = address.indexOf(',');
  const [type = '', ...parameters] = address.slice('data:'.length, comma).trim().toLowerCase().split(';');
  const isPicture = type.startsWith('image/');
  try {
    const decoded = decodeURIComponent(address.slice(comma + 1));
    const text = parameters.some((each) => each.trim() === 'base64') ? atob(decoded) : decoded;
    const bytes = Uint8Array.from(text, (character) => character.charCodeAt(0));
    if (!isPicture && !beginsAsPicture(text)) return { kind: 'nothing' };
    return { kind: 'picture', file: new File([bytes], 'Pasted picture', isPicture ? { type } : {}) };
  } catch {
    // Truncated, or not base64.
    return { kind: isPicture ? 'damaged' : 'nothing' };
  }
}

/** Whether bytes, one per character, begin like JPEG, PNG, GIF, WebP, TIFF, AVIF or HEIC. */
function beginsAsPicture(bytes: string): boolean {
  return /^(?:\xff\xd8\xff|\x89PNG|GIF8|RIFF.{4}WEBP|II\*\0|MM\0\*|.{4}ftyp(?:avi|hei|hev|mif|msf))/s.test(
    bytes,
  );
}

function words(text: string): Transfer {
  return { kind: 'text', text: text.replace(/\s+/g, ' ').slice(0, MOST_CHARACTERS) };
}
