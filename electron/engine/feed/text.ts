import { invalidFeed } from './invalid-feed.ts';

export interface Encoding {
  /** For errors. */
  ref: string;
  contentType: string | null;
  /** Overrules what the document says of itself. */
  charset: string | null;
}

/**
 * Bytes as text. The encoding is what the caller says, else a byte order mark, the Content-Type, the XML or HTML
 * declaration, or UTF-16 by its zero bytes, in this order (RFC 7303); UTF-8 when nothing says otherwise.
 * @throws LookalikeError FEED_INVALID when the bytes are not of that encoding, or it is not known
 */
export async function* decodeText(
  stream: AsyncIterable<Uint8Array>,
  encoding: Encoding,
): AsyncGenerator<string> {
  let decoder: TextDecoder | undefined;
  for await (const part of stream) {
    if (part.length === 0) continue;
    decoder ??= decoderFor(part, encoding);
    const text = decoded(decoder, part, encoding.ref);
    if (text) yield text;
  }
  const rest = decoder ? decoded(decoder, undefined, encoding.ref) : '';
  if (rest) yield rest;
}

function decoderFor(start: Uint8Array, { ref, contentType, charset }: Encoding): TextDecoder {
  const label = charset ?? byteOrderMark(start) ?? inContentType(contentType) ?? declared(start) ?? 'utf-8';
  try {
    return new TextDecoder(label, { fatal: true });
  } catch (cause) {
    const detail = `The feed is in the character set "${label.slice(0, 40)}", which this app does not know.`;
    throw invalidFeed(ref, detail, cause);
  }
}

function decoded(decoder: TextDecoder, part: Uint8Array | undefined, ref: string): string {
  try {
    return decoder.decode(part, { stream: part !== undefined });
  } catch (cause) {
    const detail = `The feed is not text in ${decoder.encoding.toUpperCase()}.`;
    throw invalidFeed(ref, detail, cause);
  }
}

function byteOrderMark([first, second, third]: Uint8Array): string | null {
  if (first === 0xff && second === 0xfe) return 'utf-16le';
  if (first === 0xfe && second === 0xff) return 'utf-16be';
  return first === 0xef && second === 0xbb && third === 0xbf ? 'utf-8' : null;
}

function inContentType(contentType: string | null): string | null {
  return /;\s*charset\s*=\s*"?([^\s";]+)/i.exec(contentType ?? '')?.[1] ?? null;
}

/** What the first bytes say themselves; every feed begins with a character of ASCII. */
function declared(start: Uint8Array): string | null {
  if (start[0] === 0 && start[1] !== 0) return 'utf-16be';
  if (start[1] === 0 && start[0] !== 0) return 'utf-16le';
  const head = Buffer.from(start.subarray(0, 1024)).toString('latin1');
  const xml = /^\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']+)["']/.exec(head)?.[1];
  return xml ?? /<meta\s[^>]*?charset\s*=\s*["']?([\w-]+)/i.exec(head)?.[1] ?? null;
}
