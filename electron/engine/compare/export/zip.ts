import { once } from 'node:events';
import { ZipFile } from 'yazl';

/** A file of a ZIP archive: text, or the bytes of text, is compressed, and a picture is stored as it is. */
export interface ZipPart {
  name: string;
  content: string | Uint8Array;
  isPicture?: boolean;
}

/** Bytes that are written together: each write waits for its turn among the pictures that are being made. */
const WRITTEN_AT_ONCE = 2 ** 20;

/** Writes a ZIP archive. Its bytes stay in memory until it is written, because yazl keeps what it is given. */
export async function* zipOf(parts: AsyncIterable<ZipPart>): AsyncGenerator<Uint8Array> {
  const zip = new ZipFile();
  const made: Buffer[] = [];
  let bytes = 0;
  // Not by `read`, which copies into memory that yazl's own small buffers then keep: twice as much.
  zip.outputStream.on('data', (chunk: Buffer) => {
    made.push(chunk);
    bytes += chunk.length;
  });
  for await (const { name, content, isPicture = false } of parts) {
    zip.addBuffer(bufferOf(content), name, { compress: !isPicture });
    if (bytes < WRITTEN_AT_ONCE) continue;
    yield Buffer.concat(made.splice(0));
    bytes = 0;
  }
  const ended = once(zip.outputStream, 'end');
  zip.end();
  await ended;
  yield Buffer.concat(made);
}

/** The same bytes, not copied. */
const bufferOf = (content: string | Uint8Array): Buffer =>
  typeof content === 'string'
    ? Buffer.from(content)
    : Buffer.from(content.buffer, content.byteOffset, content.length);
