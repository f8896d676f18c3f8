import { once } from 'node:events';
import { ZipFile } from 'yazl';

/** A file of a ZIP archive: text, or the bytes of text, is compressed, and a picture is stored as it is. */
export interface ZipPart {
  name: string;
  content: string | Uint8Array;
  isPicture?: boolean;
}

/** Writes a ZIP archive. Its bytes stay in memory until it is written, because yazl keeps what it is given. */
export async function* zipOf(parts: AsyncIterable<ZipPart>): AsyncGenerator<string | Uint8Array> {
  const zip = new ZipFile();
  const made: (string | Uint8Array)[] = [];
  // Not by `read`, which copies into memory that yazl's own small buffers then keep: twice as much.
  zip.outputStream.on('data', (chunk) => made.push(chunk));
  for await (const { name, content, isPicture = false } of parts) {
    zip.addBuffer(bufferOf(content), name, { compress: !isPicture });
    yield* made.splice(0);
  }
  const ended = once(zip.outputStream, 'end');
  zip.end();
  await ended;
  yield* made;
}

/** The same bytes, not copied. */
const bufferOf = (content: string | Uint8Array): Buffer =>
  typeof content === 'string'
    ? Buffer.from(content)
    : Buffer.from(content.buffer, content.byteOffset, content.length);
