import type { EmbeddedPhoto, QueryImage } from '../search/query-image.ts';

const COLORS = 256;
/** Numbers of an image beside its vector: trust in its colours, whether its subject is known, and its box. */
const NUMBERS = 6;

/** What the model made of a photo. */
export type Features = Pick<EmbeddedPhoto, 'whole' | 'parts'>;

/**
 * Packs features: the length of a vector and, for each image, its vector and numbers (float32, little-endian) and the bytes
 * of its two colour signatures.
 */
export function packFeatures({ whole, parts }: Features): Uint8Array {
  const images = [whole, ...parts];
  const dim = whole.vector.length;
  const size = sizeOf(dim);
  const bytes = Buffer.alloc(4 + images.length * size);
  bytes.writeUInt32LE(dim, 0);
  for (const [i, { vector, colors, colorTrust, crop }] of images.entries()) {
    const start = 4 + i * size;
    const { x, y, width, height } = crop?.box ?? { x: 0, y: 0, width: 0, height: 0 };
    const numbers = [...vector, colorTrust, colors.subject ? 1 : 0, x, y, width, height];
    for (const [n, number] of numbers.entries()) bytes.writeFloatLE(number, start + 4 * n);
    bytes.set(colors.picture, start + 4 * numbers.length);
    bytes.set(colors.subject ?? [], start + 4 * numbers.length + COLORS);
  }
  return bytes;
}

/** @returns null for bytes that are not features of vectors of this length */
export function unpackFeatures(packed: Uint8Array, dim: number): Features | null {
  const bytes = Buffer.from(packed.buffer, packed.byteOffset, packed.length);
  const size = sizeOf(dim);
  if (bytes.length < 4 + size || (bytes.length - 4) % size > 0 || bytes.readUInt32LE(0) !== dim) return null;
  const images = Array.from({ length: (bytes.length - 4) / size }, (_, i) =>
    imageAt(bytes, 4 + i * size, dim),
  );
  const [whole, ...parts] = images;
  return whole ? { whole, parts } : null;
}

const sizeOf = (dim: number): number => 4 * (dim + NUMBERS) + 2 * COLORS;

function imageAt(bytes: Buffer, start: number, dim: number): QueryImage {
  const number = (n: number) => bytes.readFloatLE(start + 4 * (dim + n));
  const [x, y, width, height] = [number(2), number(3), number(4), number(5)];
  const colors = start + 4 * (dim + NUMBERS);
  const signature = (n: number) =>
    Uint8Array.from(bytes.subarray(colors + n * COLORS, colors + (n + 1) * COLORS));
  return {
    vector: Float32Array.from({ length: dim }, (_, n) => bytes.readFloatLE(start + 4 * n)),
    own: null,
    closer: false,
    colors: { picture: signature(0), subject: number(1) === 1 ? signature(1) : null },
    colorTrust: number(0),
    crop: width === 0 ? null : { box: { x, y, width, height }, proposed: true },
  };
}
