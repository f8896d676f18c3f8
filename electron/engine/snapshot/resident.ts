import type { RecordBatch } from 'apache-arrow';
import { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';
import { uidOf } from '../catalog/product-ids.ts';
import { grown } from '../vectors/quantised.ts';
import { NONE } from './grouping.ts';
import { ImageRows } from './image-rows.ts';
import { ResidentPictures } from './pictures.ts';
import { Terms } from './terms.ts';

export type NumberedField = (typeof FIELDS)[number] | 'style' | 'design';
const FIELDS = ['uid', 'source', 'imageHash', 'size', 'category', 'brand', 'color', 'availability'] as const;

const price = z.number().nullable();

/** The different values of a column, numbered in the order of their first occurrence, and each row's number. */
export class NumberedColumn {
  readonly values: (string | null)[] = [];
  of = new Uint32Array();
  readonly #numbers = new Map<string | null, number>();

  /** The number of a value; undefined when no row has ever had it. */
  readonly numberOf = (value: string | null): number | undefined => this.#numbers.get(value);

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
 * Image rows in memory, with everything that is often needed of them: the picture that each shows, and numbers for grouping
 * and filtering products. Successive snapshots of a table share one instance, and with it every row that they have in
 * common: a publish that changes one price adds one row. Several snapshots can claim a row. When the last one has released
 * it, its place is given to a row that is read later.
 */
export class ResidentRows {
  readonly dim: number;
  readonly pictures: ResidentPictures;
  readonly fields = new ImageRows();
  readonly columns: Record<NumberedField, NumberedColumn>;
  readonly terms = new Terms();
  /** NaN for a row without a price. */
  prices = new Float64Array();
  imageIndexes = new Uint32Array();
  /** The picture that each row shows; `NONE` until its features have been read. */
  pictureOf = new Uint32Array();
  /** The number of snapshots that have claimed each row. */
  #users = new Uint32Array();
  readonly #free: number[] = [];

  constructor(dim: number) {
    this.dim = dim;
    this.pictures = new ResidentPictures(dim);
    const column = () => new NumberedColumn();
    this.columns = {
      uid: column(),
      source: column(),
      style: column(),
      design: column(),
      size: column(),
      imageHash: column(),
      category: column(),
      brand: column(),
      color: column(),
      availability: column(),
    };
  }

  /** Number of rows that there is room for, used or not. */
  get count(): number {
    return this.#users.length;
  }

  /** Claims new rows. They must be read at once, or released. */
  allocate(count: number): Uint32Array {
    if (this.#free.length < count) this.#grow(this.count + count - this.#free.length);
    const rows = Uint32Array.from({ length: count }, () => this.#free.pop() ?? 0).sort();
    this.claim(rows);
    return rows;
  }

  claim(rows: Uint32Array): void {
    for (const row of rows) this.#users[row] = (this.#users[row] ?? 0) + 1;
  }

  /** @param read false when the rows were allocated and never read */
  release(rows: Uint32Array, read = true): void {
    for (const row of rows) {
      const users = (this.#users[row] ?? 0) - 1;
      this.#users[row] = users;
      if (users > 0) continue;
      this.#free.push(row);
      if (read) this.fields.remove(row);
      this.show(row, NONE);
    }
  }

  /**
   * Reads the fields of rows from a batch with `ROW_COLUMNS`, in steps.
   * @param rows the number in memory of each row; `NONE` is skipped
   * @throws LookalikeError CATALOG_UNREADABLE
   */
  *setFields(batch: RecordBatch, rows: Uint32Array): Generator<void, void> {
    this.fields.add(batch, rows);
    for (const [i, row] of rows.entries()) {
      if (i % ROWS_A_STEP === 0) yield;
      if (row === NONE) continue;
      for (const field of FIELDS) this.columns[field].set(row, this.fields.value(field, row));
      this.#setStyle(row);
      this.prices[row] = price.parse(this.fields.value('price', row)) ?? Number.NaN;
      this.imageIndexes[row] = Number(this.fields.value('imageIndex', row));
      this.terms.set(row, String(this.fields.value('attributes', row)));
    }
  }

  /** A product that is its own style, or its own design, needs no number for it; most products are both. */
  #setStyle(row: number): void {
    const [uid, source, styleId, groupId] = (['uid', 'source', 'styleId', 'groupId'] as const).map((field) =>
      this.fields.value(field, row),
    );
    this.columns.style.set(row, styleId === uid ? null : styleId);
    this.columns.design.set(row, groupId === null ? null : uidOf(String(source), String(groupId)));
  }

  /** Sets the picture that a row shows; `NONE` for none. */
  show(row: number, picture: number): void {
    const before = this.pictureOf[row] ?? NONE;
    if (picture !== NONE) this.pictures.use(picture);
    if (before !== NONE) this.pictures.release(before);
    this.pictureOf[row] = picture;
  }

  #grow(count: number): void {
    const before = this.count;
    this.fields.grow(count);
    this.terms.grow(count);
    for (const column of Object.values(this.columns)) column.of = grown(column.of, count);
    this.imageIndexes = grown(this.imageIndexes, count);
    const prices = new Float64Array(count);
    prices.set(this.prices);
    this.prices = prices;
    this.pictureOf = grown(this.pictureOf, count);
    this.pictureOf.fill(NONE, before);
    this.#users = grown(this.#users, count);
    for (let row = count - 1; row >= before; row--) this.#free.push(row);
  }
}

/** Rows per step, about half a millisecond of work. */
const ROWS_A_STEP = 32;
