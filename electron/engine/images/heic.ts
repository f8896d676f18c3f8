import { createRequire } from 'node:module';
import { Worker } from 'node:worker_threads';
import { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';
import { unreadable } from './format.ts';

/**
 * Runs in a worker thread, because the decoder neither yields nor can be interrupted. The code is a text: a worker's file
 * would have to be found in the source, in a bundle and in a package.
 */
const WORKER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { decoder, bytes, maxPixels } = workerData;
  require(decoder).all({ buffer: bytes }).then(async ([image]) => {
    if (image.width * image.height > maxPixels) return parentPort.postMessage('too large');
    const { width, height, data } = await image.decode();
    parentPort.postMessage({ width, height, rgba: new Uint8Array(data.buffer) }, [data.buffer]);
  });
`;

const answer = z.union([
  z.literal('too large'),
  z.object({ width: z.number(), height: z.number(), rgba: z.instanceof(Uint8Array) }),
]);

/**
 * Converts a HEIC file, which sharp's builds cannot decode, to an upright uncompressed TIFF. The colour profile is kept,
 * because an iPhone's colours are Display P3.
 * @throws LookalikeError IMAGE_TOO_LARGE, IMAGE_TOO_SLOW, IMAGE_UNREADABLE
 */
export async function heicToTiff(
  bytes: Uint8Array,
  limits: { pixels: number; seconds: number },
): Promise<Buffer> {
  const decoder = createRequire(import.meta.url).resolve('heic-decode');
  const worker = new Worker(WORKER, {
    eval: true,
    // The decoder writes messages to stdout, where only the CLI's results may go.
    stdout: true,
    stderr: true,
    workerData: { decoder, bytes, maxPixels: limits.pixels },
  });
  let timer: NodeJS.Timeout | undefined;
  try {
    const message = await new Promise<unknown>((resolve, reject) => {
      timer = setTimeout(() => reject(new LookalikeError('IMAGE_TOO_SLOW')), limits.seconds * 1000);
      worker.once('message', resolve).once('error', reject);
    });
    const picture = answer.parse(message);
    if (picture === 'too large') throw new LookalikeError('IMAGE_TOO_LARGE');
    return tiff(picture, colorProfile(bytes));
  } catch (error) {
    if (error instanceof LookalikeError) throw error;
    throw unreadable({ reason: 'damaged', format: 'HEIC' }, error);
  } finally {
    clearTimeout(timer);
    await worker.terminate();
  }
}

/** The ICC profile in the first `colr` box of type `prof` (ISO/IEC 14496-12, 12.1.5), which belongs to the main picture. */
function colorProfile(bytes: Uint8Array): Buffer {
  const file = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const at = file.indexOf('colrprof');
  if (at < 4) return Buffer.alloc(0);
  const profile = file.subarray(at + 8, at - 4 + file.readUInt32BE(at - 4));
  // Every ICC profile has this signature at byte 36 (ICC.1:2022, 7.2).
  return profile.indexOf('acsp') === 36 ? profile : Buffer.alloc(0);
}

/** A TIFF 6.0 file of one strip: header, directory, the four depths, profile, pixels. */
function tiff(
  { width, height, rgba }: { width: number; height: number; rgba: Uint8Array },
  icc: Buffer,
): Buffer {
  const [SHORT, LONG, UNDEFINED] = [3, 4, 7];
  const fields = 11 + (icc.length > 0 ? 1 : 0);
  const depths = 8 + 2 + fields * 12 + 4;
  const profile = depths + 8;
  const strip = profile + icc.length;
  const head = Buffer.alloc(strip);
  head.write('II*\0', 'latin1');
  head.writeUInt32LE(8, 4);
  head.writeUInt16LE(fields, 8);
  let at = 10;
  const field = (tag: number, type: number, count: number, value: number) => {
    head.writeUInt16LE(tag, at);
    head.writeUInt16LE(type, at + 2);
    head.writeUInt32LE(count, at + 4);
    head.writeUInt32LE(value, at + 8);
    at += 12;
  };
  field(256, LONG, 1, width);
  field(257, LONG, 1, height);
  field(258, SHORT, 4, depths); // Bits per sample.
  field(259, SHORT, 1, 1); // Uncompressed.
  field(262, SHORT, 1, 2); // RGB.
  field(273, LONG, 1, strip);
  field(277, SHORT, 1, 4); // Samples per pixel.
  field(278, LONG, 1, height); // Rows in the strip.
  field(279, LONG, 1, rgba.length);
  field(284, SHORT, 1, 1); // Samples stand together.
  field(338, SHORT, 1, 2); // The fourth sample is alpha, not premultiplied.
  if (icc.length > 0) field(34675, UNDEFINED, icc.length, profile);
  for (let sample = 0; sample < 4; sample++) head.writeUInt16LE(8, depths + 2 * sample);
  icc.copy(head, profile);
  return Buffer.concat([head, rgba]);
}
