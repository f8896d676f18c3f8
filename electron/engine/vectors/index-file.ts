import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { writeWhole } from '../files/changes.ts';
import { Centroids } from './centroids.ts';

/** The part of an index that is valid for any catalog with the same vectors, in any order. */
export interface KeptIndex {
  centroids: Centroids;
  /** The cell of each vector, by its fingerprint. */
  cells: ReadonlyMap<number, number>;
}

/** A line of JSON, then the body: centroids (float32), fingerprints (float64), cells (uint32). */
const header = z.object({
  format: z.literal(1),
  dim: z.int().min(1).max(4096),
  centres: z.int().min(1).max(100_000),
  rows: z.int().min(0),
  sha256: z.string(),
});
const LONGEST_HEADER = 1000;

/** 53 bits computed from all numbers of a vector. With them a vector's cell is found again, whatever the vector's id is. */
export function fingerprint(vector: Float32Array): number {
  const words = new Uint32Array(vector.buffer, vector.byteOffset, vector.length);
  let [a, b] = [0x9e3779b9, 0x85ebca6b];
  // Two hashes like FNV-1a, with odd factors from Murmur3.
  for (let i = 0; i < words.length; i++) {
    const word = words[i] ?? 0;
    a = Math.imul(a ^ word ^ (a >>> 15), 0x85ebca6b);
    b = Math.imul(b ^ word ^ (b >>> 13), 0xc2b2ae35);
  }
  return (a >>> 0) * 2 ** 21 + (b >>> 11);
}

/** @throws when the file cannot be written; the previous file then stays */
export async function writeIndex(path: string, { centroids, cells }: KeptIndex): Promise<void> {
  const body = Buffer.concat([
    bytesOf(centroids.flat),
    bytesOf(Float64Array.from(cells.keys())),
    bytesOf(Uint32Array.from(cells.values())),
  ]);
  const { count, dim } = centroids;
  const shape = { format: 1, dim, centres: count, rows: cells.size, sha256: sha256(body) };
  await writeWhole(path, Buffer.concat([Buffer.from(`${JSON.stringify(shape)}\n`), body]));
}

/** Null when there is no file, or it is incomplete: the index can be built anew. */
export async function readIndex(path: string): Promise<KeptIndex | null> {
  try {
    return parse(await readFile(path));
  } catch {
    return null;
  }
}

/** @throws when the bytes are not an index file */
function parse(file: Buffer): KeptIndex {
  const end = file.subarray(0, LONGEST_HEADER).indexOf('\n');
  const { dim, centres, rows, sha256: expected } = header.parse(JSON.parse(file.toString('utf8', 0, end)));
  // Copied, because typed arrays must begin at a multiple of their numbers' size.
  const body = Uint8Array.from(file.subarray(end + 1));
  const parts = [centres * dim * 4, rows * 8, rows * 4] as const;
  const printsAt = parts[0];
  if (body.length !== parts[0] + parts[1] + parts[2] || sha256(body) !== expected)
    throw new RangeError('Not whole.');
  const flat = new Float32Array(body.buffer, 0, centres * dim);
  const prints = new Float64Array(body.slice(printsAt, printsAt + parts[1]).buffer);
  const cells = new Uint32Array(body.slice(printsAt + parts[1]).buffer);
  if (!flat.every(Number.isFinite) || cells.some((cell) => cell >= centres))
    throw new RangeError('Not an index.');
  const paired = new Map<number, number>();
  for (const [i, print] of prints.entries()) paired.set(print, cells[i] ?? 0);
  return { centroids: new Centroids(flat, dim), cells: paired };
}

const bytesOf = (numbers: Float32Array | Float64Array | Uint32Array) =>
  Buffer.from(numbers.buffer, numbers.byteOffset, numbers.byteLength);

const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex');
