import { MOST_CHARACTERS } from './match/words.ts';

/** What a drop or a paste holds, in the order in which Lookalike looks for it. */
export type Transfer =
  | { kind: 'files'; files: File[] }
  /** A picture that came inside the HTML, as mail programs and Google Images give it. */
  | { kind: 'picture'; file: File }
  /** A picture, or a page, that is somewhere on the web: only its address came. */
  | { kind: 'address'; url: URL }
  | { kind: 'text'; text: string }
  /** A picture was meant, but only the program that showed it can read it. */
  | { kind: 'unreachable' }
  | { kind: 'nothing' };

/** Twice a picture of 40 MB as base64, so that a hostile clipboard does not fill memory. */
const MOST_HTML = 110_000_000;

/**
 * Reads a drop or a paste. Files come first, except where a spreadsheet gives a picture of its cells beside their text;
 * then a picture inside the HTML, then its address, then words.
 */
export function readTransfer(data: DataTransfer): Transfer {
  const files = Array.from(data.files);
  const html = data.getData('text/html').slice(0, MOST_HTML);
  const text = data.getData('text/plain').trim();
  const image = html === '' ? null : imageIn(html);
  if (files.length > 0 && !(isPictureOfText(files, text) && image === null)) return { kind: 'files', files };
  if (image !== null) return fromAddress(image) ?? { kind: 'unreachable' };
  const [uri = ''] = data
    .getData('text/uri-list')
    .split(/\r?\n/)
    .filter((line) => line !== '' && !line.startsWith('#'));
  return fromAddress(uri) ?? fromAddress(text) ?? (text === '' ? { kind: 'nothing' } : words(text));
}

/** Whether a drag can hold anything that `readTransfer` understands; while dragging only types are known. */
export function isReadable({ types }: DataTransfer): boolean {
  return ['Files', 'text/html', 'text/uri-list', 'text/plain'].some((type) => types.includes(type));
}

/** A picture this small, in pixels, is not one that somebody means: mails count their readers with one. */
const TRACKING_PIXELS = 4;

/** The address of the first picture in an HTML fragment; the document is inert, so nothing of it is fetched. */
function imageIn(html: string): string | null {
  const images = new DOMParser().parseFromString(html, 'text/html').querySelectorAll('img[src]');
  const image = Array.from(images).find((each) => !isTrackingPixel(each)) ?? images[0];
  return image?.getAttribute('src') ?? null;
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

/** Null when the text is no address at all. */
function fromAddress(address: string): Transfer | null {
  if (/^data:/i.test(address)) {
    const file = pictureOf(address);
    return file ? { kind: 'picture', file } : { kind: 'unreachable' };
  }
  // The picture is in the memory of the page that shows it, or in a file that only that program was given.
  if (/^(blob|file|cid|webkit-fake-url):/i.test(address)) return { kind: 'unreachable' };
  const web = address.startsWith('//') ? `https:${address}` : address;
  if (!/^https?:\/\/\S+$/i.test(web) || !URL.canParse(web)) return null;
  return { kind: 'address', url: new URL(web) };
}

/** The picture in a `data:` address (RFC 2397); null when it holds none that can be read. */
function pictureOf(address: string): File | null {
  const [, type = '', base64, content = ''] =
    /^data:(image\/[a-z0-9.+-]+)(?:;(?!base64)[^;,]*)*(;base64)?,(.*)$/is.exec(address.trim()) ?? [];
  if (type === '') return null;
  try {
    const decoded = decodeURIComponent(content);
    const bytes = base64 ? atob(decoded) : decoded;
    return new File([Uint8Array.from(bytes, (character) => character.charCodeAt(0))], 'Pasted picture', {
      type,
    });
  } catch {
    // Cut in the middle, or no base64: said as a picture that cannot be reached.
    return null;
  }
}

function words(text: string): Transfer {
  return { kind: 'text', text: text.replace(/\s+/g, ' ').slice(0, MOST_CHARACTERS) };
}
