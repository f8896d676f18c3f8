import { COLOR_SIGNATURE_LENGTH } from '../catalog/schema.ts';
import { grown } from '../vectors/quantised.ts';
import { Vectors } from '../vectors/vectors.ts';
import type { Features } from './features.ts';
import { NONE } from './grouping.ts';

/** Pictures per block of memory for colours. */
const BLOCK = 1024;
/** Room that is allocated at once when the number of pictures is unknown. */
const MORE = 256;

/**
 * The pictures that rows show, each in memory once: its vector and its colours. A picture is identified by the number of its
 * hash (`columns.imageHash`). It stays as long as a row shows it; then its number is given to another one. One hash can be
 * two pictures here while an older snapshot is held in which the picture has another embedding.
 */
export class ResidentPictures {
  readonly vectors: Vectors;
  readonly #colors: Uint8Array[] = [];
  /** The colours of subjects, in blocks as `#colors`. */
  readonly #subjects: Uint8Array[] = [];
  /** For each picture 1 where the colours of its subject are known. */
  #hasSubject = new Uint8Array();
  /** The number of rows that show each picture. */
  #users = new Uint32Array();
  /** The number of the hash of each picture. */
  #hashOf = new Uint32Array();
  /** For each number of a hash the picture read last, or `NONE`. */
  #byHash = new Uint32Array();
  readonly #free: number[] = [];

  constructor(dim: number) {
    this.vectors = new Vectors(0, dim);
  }

  /** Number of pictures that there is room for, used or not. */
  get count(): number {
    return this.#users.length;
  }

  colorSignature(picture: number): Uint8Array {
    return inBlocks(this.#colors, picture);
  }

  /** The colours of a picture's subject; null where they are not known. */
  subjectColors(picture: number): Uint8Array | null {
    return this.#hasSubject[picture] === 1 ? inBlocks(this.#subjects, picture) : null;
  }

  /** The picture of a hash, whose features then need not be read again; undefined when it is not in memory. */
  ofHash(hash: number): number | undefined {
    const picture = this.#byHash[hash] ?? NONE;
    return picture === NONE ? undefined : picture;
  }

  /** Counts one more row that shows the picture. */
  use(picture: number): void {
    this.#users[picture] = (this.#users[picture] ?? 0) + 1;
  }

  /** Counts one row less that shows the picture. */
  release(picture: number): void {
    const users = (this.#users[picture] ?? 0) - 1;
    this.#users[picture] = users;
    if (users > 0) return;
    const hash = this.#hashOf[picture] ?? 0;
    if (this.#byHash[hash] === picture) this.#byHash[hash] = NONE;
    this.#free.push(picture);
  }

  /**
   * The picture with this hash and the nth of these features. A new one is added when none in memory has both.
   * @param hash the number of its hash
   */
  take(hash: number, features: Features, n: number): number {
    const known = this.ofHash(hash);
    if (known !== undefined && this.has(known, features, n)) return known;
    if (this.#free.length === 0) this.makeRoom(MORE);
    const picture = this.#free.pop() ?? 0;
    const { vectors, colors } = slice(features, n, this.vectors.dim);
    this.vectors.set(picture, vectors);
    this.colorSignature(picture).set(colors);
    const subject = features.subjects[n];
    if (subject) inBlocks(this.#subjects, picture).set(subject);
    this.#hasSubject[picture] = subject ? 1 : 0;
    this.#hashOf[picture] = hash;
    if (hash >= this.#byHash.length) {
      const before = this.#byHash.length;
      this.#byHash = grown(this.#byHash, Math.max(1024, hash + 1, before * 2));
      this.#byHash.fill(NONE, before);
    }
    this.#byHash[hash] = picture;
    return picture;
  }

  /** Whether the nth of these features equal those of a picture to the last bit. */
  has(picture: number, features: Features, n: number): boolean {
    const { vectors, colors } = slice(features, n, this.vectors.dim);
    const none = new Uint8Array();
    return (
      isSame(this.vectors.at(picture), vectors) &&
      isSame(this.colorSignature(picture), colors) &&
      isSame(this.subjectColors(picture) ?? none, features.subjects[n] ?? none)
    );
  }

  /** Makes room for this many more pictures at once. */
  makeRoom(more: number): void {
    if (more > this.#free.length) this.#grow(this.count + more - this.#free.length);
  }

  #grow(count: number): void {
    const before = this.count;
    this.vectors.grow(count);
    while (this.#colors.length * BLOCK < count) {
      this.#colors.push(new Uint8Array(BLOCK * COLOR_SIGNATURE_LENGTH));
      this.#subjects.push(new Uint8Array(BLOCK * COLOR_SIGNATURE_LENGTH));
    }
    const hasSubject = new Uint8Array(count);
    hasSubject.set(this.#hasSubject);
    this.#hasSubject = hasSubject;
    this.#users = grown(this.#users, count);
    this.#hashOf = grown(this.#hashOf, count);
    for (let picture = count - 1; picture >= before; picture--) this.#free.push(picture);
  }
}

function inBlocks(blocks: readonly Uint8Array[], picture: number): Uint8Array {
  const start = (picture % BLOCK) * COLOR_SIGNATURE_LENGTH;
  const block = blocks[Math.floor(picture / BLOCK)] ?? new Uint8Array();
  return block.subarray(start, start + COLOR_SIGNATURE_LENGTH);
}

function slice({ vectors, colors }: Features, n: number, dim: number): Pick<Features, 'vectors' | 'colors'> {
  const from = n * COLOR_SIGNATURE_LENGTH;
  return {
    vectors: vectors.subarray(n * dim, (n + 1) * dim),
    colors: colors.subarray(from, from + COLOR_SIGNATURE_LENGTH),
  };
}

function isSame(a: Float32Array | Uint8Array, b: Float32Array | Uint8Array): boolean {
  return bytesOf(a).equals(bytesOf(b));
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength);
