import type { RecordBatch } from 'apache-arrow';
import { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';
import { COLOR_SIGNATURE_LENGTH } from '../catalog/schema.ts';
import { grown } from '../vectors/quantised.ts';
import { Vectors } from '../vectors/vectors.ts';
import { toColorBytes } from './color-bytes.ts';
import { NONE } from './grouping.ts';
import { ImageRows } from './image-rows.ts';
import { Terms } from './terms.ts';

/** Rows whose colours lie in one piece of memory. */
const BLOCK = 1024;

export type NumberedField = (typeof FIELDS)[number];
const FIELDS = ['productId', 'imageHash', 'category', 'brand', 'color', 'availability'] as const;

const price = z.number().nullable();

/** The different values of a column, numbered as they came, and each row's number. */
export class NumberedColumn {
  readonly values: (string | null)[] = [];
  of = new Uint32Array();
  readonly #numbers = new Map<string | null, number>();

  /** The number of a value; undefined when no row has ever had it. */
  numberOf(value: string | null): number | undefined {
    return this.#numbers.get(value);
  }

  set(row: number, value: unknown): void {
    if (value !== null && typeof value !== 'string') throw new LookalikeError('CATALOG_UNREADABLE');
    let number = this.#numbers.get(value);
    if (number === undefined) {
      number = this.values.push(value) - 1;
      this.#numbers.set(value, number);
    }
    this.of[row] = number;
  }
}

/**
 * Image rows in memory, with all that is asked of them often: vectors, colours, and as numbers what products are grouped
 * and filtered by. Successive snapshots of a table share one of these, and with it every row that they have in common: a
 * publish that changes one price adds one row. A row is used by as many snapshots as have claimed it; when the last one
 * has released it, its place is taken by a row that is read later.
 */
export class ResidentRows {
  readonly dim: number;
  readonly vectors: Vectors;
  readonly fields = new ImageRows();
  readonly columns: Record<NumberedField, NumberedColumn>;
  readonly terms = new Terms();
  /** Not a number: the row has none. */
  prices = new Float64Array();
  imageIndexes = new Uint32Array();
  readonly #colors: Uint8Array[] = [];
  /** How many snapshots have claimed each row. */
  #users = new Uint32Array();
  readonly #free: number[] = [];

  constructor(dim: number) {
    this.dim = dim;
    this.vectors = new Vectors(0, dim);
    const column = () => new NumberedColumn();
    this.columns = {
      productId: column(),
      imageHash: column(),
      category: column(),
      brand: column(),
      color: column(),
      availability: column(),
    };
  }

  /** Rows that there is room for, used or not. */
  get count(): number {
    return this.#users.length;
  }

  colorSignature(row: number): Uint8Array {
    const start = (row % BLOCK) * COLOR_SIGNATURE_LENGTH;
    const block = this.#colors[Math.floor(row / BLOCK)] ?? new Uint8Array();
    return block.subarray(start, start + COLOR_SIGNATURE_LENGTH);
  }

  /** Numbers of rows for new ones, claimed. They must be read at once, or released. */
  allocate(count: number): Uint32Array {
    if (this.#free.length < count) this.#grow(this.count + count - this.#free.length);
    const rows = Uint32Array.from({ length: count }, () => this.#free.pop() ?? 0).sort();
    this.claim(rows);
    return rows;
  }

  claim(rows: Uint32Array): void {
    for (const row of rows) this.#users[row] = (this.#users[row] ?? 0) + 1;
  }

  /** @param read false: the rows were allocated and never read */
  release(rows: Uint32Array, read = true): void {
    for (const row of rows) {
      const users = (this.#users[row] ?? 0) - 1;
      this.#users[row] = users;
      if (users > 0) continue;
      this.#free.push(row);
      if (read) this.fields.remove(row);
    }
  }

  /**
   * Takes the fields of rows from a batch of `ROW_COLUMNS`, some between two steps.
   * @param rows the number in memory of each; `NONE` is left out
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  *setFields(batch: RecordBatch, rows: Uint32Array): Generator<void, void> {
    this.fields.add(batch, rows);
    for (const [i, row] of rows.entries()) {
      if (i % ROWS_A_STEP === 0) yield;
      if (row === NONE) continue;
      for (const field of FIELDS) this.columns[field].set(row, this.fields.value(field, row));
      this.prices[row] = price.parse(this.fields.value('price', row)) ?? Number.NaN;
      this.imageIndexes[row] = Number(this.fields.value('imageIndex', row));
      this.terms.set(row, String(this.fields.value('attributes', row)));
    }
  }

  /** Takes vectors and colour signatures, `dim` and `COLOR_SIGNATURE_LENGTH` numbers a row. */
  *setFeatures(features: Features, rows: Uint32Array): Generator<void, void> {
    const { vectors, colors } = features;
    for (const [i, row] of rows.entries()) {
      if (i % ROWS_A_STEP === 0) yield;
      if (row === NONE) continue;
      this.vectors.set(row, vectors.subarray(i * this.dim, (i + 1) * this.dim));
      const from = i * COLOR_SIGNATURE_LENGTH;
      this.colorSignature(row).set(colors.subarray(from, from + COLOR_SIGNATURE_LENGTH));
    }
  }

  /** Whether the ith of these features are, to the last bit, those of a row. */
  hasFeatures(row: number, { vectors, colors }: Features, i: number): boolean {
    const from = i * COLOR_SIGNATURE_LENGTH;
    return (
      isSame(this.vectors.at(row), vectors.subarray(i * this.dim, (i + 1) * this.dim)) &&
      isSame(this.colorSignature(row), colors.subarray(from, from + COLOR_SIGNATURE_LENGTH))
    );
  }

  #grow(count: number): void {
    const before = this.count;
    this.vectors.grow(count);
    this.fields.grow(count);
    this.terms.grow(count);
    for (const column of Object.values(this.columns)) column.of = grown(column.of, count);
    this.imageIndexes = grown(this.imageIndexes, count);
    const prices = new Float64Array(count);
    prices.set(this.prices);
    this.prices = prices;
    while (this.#colors.length * BLOCK < count) {
      this.#colors.push(new Uint8Array(BLOCK * COLOR_SIGNATURE_LENGTH));
    }
    this.#users = grown(this.#users, count);
    for (let row = count - 1; row >= before; row--) this.#free.push(row);
  }
}

/** About half a millisecond of work. */
const ROWS_A_STEP = 32;

/** What the model and the image room made of some images. */
export interface Features {
  vectors: Float32Array;
  /** As bytes; see `toColorBytes`. */
  colors: Uint8Array;
}

/**
 * The columns `vector` and `colorSignature` of a batch.
 * @throws LookalikeError CATALOG_UNREADABLE
 */
export function featuresOf(batch: RecordBatch, dim: number): Features {
  const vectors = batch.getChild('vector')?.getChildAt(0)?.toArray();
  const colors = batch.getChild('colorSignature')?.getChildAt(0)?.toArray();
  const isWhole =
    vectors instanceof Float32Array &&
    colors instanceof Float32Array &&
    vectors.length === batch.numRows * dim &&
    colors.length === batch.numRows * COLOR_SIGNATURE_LENGTH;
  // Changed bytes make numbers that are found before everything else, or that are none.
  if (!isWhole || !areUnitVectors(vectors, dim)) throw new LookalikeError('CATALOG_UNREADABLE');
  return { vectors, colors: toColorBytes(colors) };
}

function isSame(a: Float32Array | Uint8Array, b: Float32Array | Uint8Array): boolean {
  return bytesOf(a).equals(bytesOf(b));
}

const bytesOf = ({ buffer, byteOffset, byteLength }: Float32Array | Uint8Array) =>
  Buffer.from(buffer, byteOffset, byteLength);

/** How far a vector's length may be from 1: rounding takes a hundred-thousandth. */
const LENGTH_TOLERANCE = 1e-3;

function areUnitVectors(flat: Float32Array, dim: number): boolean {
  for (let from = 0; from < flat.length; from += dim) {
    let square = 0;
    for (let i = from; i < from + dim; i++) square += (flat[i] ?? 0) ** 2;
    // Written so that NaN fails.
    if (!(Math.abs(Math.sqrt(square) - 1) <= LENGTH_TOLERANCE)) return false;
  }
  return true;
}
