import { pipeline, Readable, type Transform } from 'node:stream';
import { createBrotliDecompress, createGunzip } from 'node:zlib';

/** The accepted encodings of bodies. Gzip is recognised by its first bytes, because servers often label it wrongly. */
export const ACCEPT_ENCODING = 'gzip, br';
/** A .json.gz that the server compresses once more. */
const MOST_GZIP_LAYERS = 2;

/** Content-Encodings that `decoded` understands. */
const ENCODINGS = ['', 'identity', 'gzip', 'x-gzip', 'br'];

/** More bytes arrived, or were unpacked, than the caller allows. */
export class TooLargeError extends Error {}

/**
 * Decompresses a body.
 * @param contentEncoding one that `canDecode`; gzip is recognised by its first bytes instead
 * @throws TooLargeError when the body, before or after unpacking, is larger than `maxBytes`
 */
export function decoded(
  body: AsyncIterable<Uint8Array>,
  contentEncoding: string,
  maxBytes: number,
): AsyncIterable<Uint8Array> {
  let stream = capped(body, maxBytes);
  if (contentEncoding.toLowerCase() === 'br') {
    stream = capped(unpacked(stream, createBrotliDecompress()), maxBytes);
  }
  for (let layer = 0; layer < MOST_GZIP_LAYERS; layer++) stream = gunzipped(stream, maxBytes);
  return stream;
}

export const canDecode = (contentEncoding: string): boolean =>
  ENCODINGS.includes(contentEncoding.toLowerCase());

export async function collected(stream: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return Buffer.concat(parts);
}

async function* capped(source: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  let length = 0;
  for await (const part of source) {
    length += part.length;
    if (length > maxBytes) throw new TooLargeError();
    yield part;
  }
}

/** Unpacks the stream when it begins as gzip does, and passes it on unchanged otherwise. */
async function* gunzipped(source: AsyncIterable<Uint8Array>, maxBytes: number): AsyncGenerator<Uint8Array> {
  const rest = source[Symbol.asyncIterator]();
  let head = Buffer.alloc(0);
  let ended = false;
  while (head.length < 2 && !ended) {
    const next = await rest.next();
    if (next.done) ended = true;
    else head = Buffer.concat([head, next.value]);
  }
  const whole = rejoined(head, rest);
  const gzip = head[0] === 0x1f && head[1] === 0x8b;
  yield* gzip ? capped(unpacked(whole, createGunzip()), maxBytes) : whole;
}

async function* rejoined(head: Uint8Array, rest: AsyncIterator<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    if (head.length > 0) yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}

function unpacked(source: AsyncIterable<Uint8Array>, unpacker: Transform): AsyncIterable<Uint8Array> {
  // A failure of the source also ends the unpacker, and so reaches its reader.
  pipeline(Readable.from(source, { objectMode: false }), unpacker, () => {});
  return unpacker;
}
