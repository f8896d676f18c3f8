import { Parser } from 'htmlparser2';
import { invalidFeed } from './invalid-feed.ts';

/** The encoding that Excel writes in Western Europe, without declaring it. */
const UNDECLARED_TABLE = 'windows-1252';
/** Bytes in which a document's declaration of its encoding is searched, as browsers do (WHATWG HTML, 13.2.3.2). */
const DECLARED_WITHIN = 1024;

export interface Encoding {
  /** Named in errors. */
  ref: string;
  contentType: string | null;
  /** Takes precedence over the encoding that the document declares. */
  charset: string | null;
}

export interface DecodedText {
  /** Can be read once. */
  text: AsyncIterable<string>;
  /** The guessed encoding of a table that declares none and is not UTF-8; null until the text read so far shows that. */
  readonly guessed: string | null;
}

/**
 * Decodes bytes as text. The encoding is, in this order (RFC 7303): the caller's, a byte order mark, the Content-Type,
 * UTF-16 by its zero bytes, the declaration of an XML or HTML document. Without any of these a document is UTF-8. A table
 * that is not valid UTF-8 is guessed to be Windows-1252, and the caller must tell the admin so.
 * @throws LookalikeError FEED_INVALID (while the text is read) when the bytes are not valid in that encoding, or the
 * encoding is unknown
 */
export function decodeText(stream: AsyncIterable<Uint8Array>, encoding: Encoding): DecodedText {
  const decoded: { guessed: string | null } = { guessed: null };
  return {
    text: chunks(stream, encoding, (guessed) => {
      decoded.guessed = guessed;
    }),
    get guessed() {
      return decoded.guessed;
    },
  };
}

async function* chunks(
  stream: AsyncIterable<Uint8Array>,
  encoding: Encoding,
  onGuess: (charset: string) => void,
): AsyncGenerator<string> {
  let decode: Decode | undefined;
  let start = Buffer.alloc(0);
  for await (const part of stream) {
    // Servers may send the first line in a chunk of its own.
    if (!decode) start = Buffer.concat([start, part]);
    if (start.length < DECLARED_WITHIN) continue;
    const next: Uint8Array = decode ? part : start;
    decode ??= decoderFor(start, encoding, onGuess);
    const text = decode(next);
    if (text) yield text;
  }
  if (!decode && start.length > 0) {
    decode = decoderFor(start, encoding, onGuess);
    yield decode(start);
  }
  const rest = decode?.(null);
  if (rest) yield rest;
}

/** Decodes the next bytes; null for the end. */
type Decode = (part: Uint8Array | null) => string;

function decoderFor(start: Uint8Array, encoding: Encoding, onGuess: (charset: string) => void): Decode {
  const { ref, charset, contentType } = encoding;
  // "PK" begins a ZIP, and so a workbook of Excel or LibreOffice.
  if (Buffer.from(start.subarray(0, 4)).toString('latin1') === 'PK\x03\x04') {
    throw invalidFeed(ref, { reason: 'archive' });
  }
  const label = charset ?? byteOrderMark(start) ?? inContentType(contentType) ?? declared(start);
  if (label === null && beginsAsTable(start)) return tableDecoder(ref, onGuess);
  return strictDecoder(label ?? 'utf-8', ref);
}

function strictDecoder(label: string, ref: string): Decode {
  const decoder = known(label);
  if (!decoder) {
    throw invalidFeed(ref, { reason: 'charset-unknown', charset: label.slice(0, 40) });
  }
  return (part) => {
    try {
      return decoder.decode(part ?? undefined, { stream: part !== null });
    } catch (cause) {
      throw invalidFeed(ref, { reason: 'charset-wrong', charset: decoder.encoding }, cause);
    }
  };
}

/**
 * UTF-8, and Windows-1252 from the first bytes on that are not UTF-8. The text before them is ASCII, which is the same in
 * both, so switching in the middle of a stream gives the same text as reading everything as Windows-1252.
 */
function tableDecoder(ref: string, onGuess: (charset: string) => void): Decode {
  let decode = strictDecoder('utf-8', ref);
  let certain = false;
  /** The incomplete character at the end of the last chunk. */
  let held: Uint8Array = new Uint8Array();
  return (part) => {
    if (certain) return decode(part);
    const bytes = Buffer.concat([held, part ?? new Uint8Array()]);
    try {
      const text = decode(part);
      certain = /[^\0-\x7f]/.test(text);
      held = bytes.subarray(bytes.findLastIndex((byte) => byte < 0x80) + 1);
      return text;
    } catch {
      onGuess(UNDECLARED_TABLE);
      certain = true;
      decode = strictDecoder(UNDECLARED_TABLE, ref);
      return decode(bytes) + (part === null ? decode(null) : '');
    }
  };
}

function known(label: string): TextDecoder | null {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    return null;
  }
}

function byteOrderMark([first, second, third]: Uint8Array): string | null {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : null;
}

/** An unknown label ("utf8mb4") counts as none. */
function inContentType(contentType: string | null): string | null {
  const label = /;\s*charset\s*=\s*["']?([^\s"';]+)/i.exec(contentType ?? '')?.[1];
  return label !== undefined && known(label) ? label : null;
}

/** The encoding that the first bytes declare. Only markup declares its encoding; in JSON or CSV such a text is a value. */
function declared(start: Uint8Array): string | null {
  const head = Buffer.from(start.subarray(0, DECLARED_WITHIN));
  const zeros = byZeros(head);
  if (zeros) return zeros;
  const text = head.toString('latin1').trimStart();
  const label = text.startsWith('<') ? (inXml(text) ?? inHtml(text)) : null;
  // The declaration was readable byte by byte, so the text is not UTF-16. .NET often declares UTF-16 for UTF-8.
  return label !== null && /^utf-?16/i.test(label) ? 'utf-8' : label;
}

/**
 * Detects UTF-16 without a byte order mark: no other text encoding has zero bytes, and in UTF-16 the high byte of ASCII is
 * zero.
 */
function byZeros(head: Uint8Array): string | null {
  const zeros = { even: 0, odd: 0 };
  for (const [index, byte] of head.entries()) {
    if (byte === 0) zeros[index % 2 === 0 ? 'even' : 'odd']++;
  }
  if (zeros.even === zeros.odd) return null;
  return zeros.even > zeros.odd ? 'utf-16be' : 'utf-16le';
}

const inXml = (text: string): string | null =>
  /^<\?xml\s[^>]*?\bencoding\s*=\s*["']([^"']+)["']/.exec(text)?.[1] ?? null;

/** The charset in a web page's `<meta>`. Other XML may contain such an element in a text. */
function inHtml(text: string): string | null {
  if (!/^<(\?xml[^>]*>\s*<)?(!doctype\s+html|html|head|meta|!--)/i.test(text)) return null;
  let charset: string | null = null;
  const parser = new Parser({
    onopentag: (name, attributes) => {
      if (name !== 'meta') return;
      const content = attributes['http-equiv']?.toLowerCase() === 'content-type' ? attributes.content : '';
      charset ??= attributes.charset ?? /charset\s*=\s*["']?([\w-]+)/i.exec(content ?? '')?.[1] ?? null;
    },
  });
  parser.end(text);
  return charset;
}

/** Whether the first character cannot begin JSON or XML. */
function beginsAsTable(start: Uint8Array): boolean {
  const head = Buffer.from(start.subarray(0, DECLARED_WITHIN)).toString('latin1').trimStart();
  return head !== '' && !/^[[{<]/.test(head);
}
