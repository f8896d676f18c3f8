import type { Table } from '@lancedb/lancedb';
import type { RecordBatch } from 'apache-arrow';
import { readerOf } from '../catalog/arrow.ts';
import { columnIn, filtersToSql } from '../catalog/filters.ts';
import type { Conditions } from '../words/conditions.ts';
import { addressesOf } from './store-view.ts';

/** A picture near a query, with its score. */
export interface NearPicture {
  imageHash: string;
  /** Cosine similarity. */
  score: number;
}

/** The columns of a row that identify its product, style and design. */
export interface RowIdentity {
  /** Lance's address of the row. */
  address: number;
  imageHash: string;
  uid: string;
  styleId: string;
  productId: string;
  groupId: string | null;
}

/**
 * Parameters of a query to Lance's index. With these, IVF_PQ and HNSW_SQ reach a recall@10 of 0.98 on the bench's catalogs.
 */
const PROBES = 40;
const REFINE = 10;

/** Values per IN (...). */
const VALUES_AT_ONCE = 500;
const IDENTITY = ['imageHash', 'uid', 'styleId', 'productId', 'groupId'];

/** Reads what a search needs from a version of the product images, and from the features of their pictures. */
export class LanceReader {
  readonly #table: Table;
  readonly #features: Table;

  constructor({ table, features }: { table: Table; features: Table }) {
    this.#table = table;
    this.#features = features;
  }

  /** Whether Lance has an index of the vectors. */
  async hasIndex(): Promise<boolean> {
    return (await this.#features.listIndices()).some(({ columns }) => columns.includes('vector'));
  }

  /**
   * The `k` pictures in the table nearest to a query, best first. Some of them may be shown by no row.
   * @param among only pictures with these hashes
   * @returns `areAll` when there are no more
   */
  async nearest(
    query: Float32Array,
    k: number,
    among: readonly string[] | null,
  ): Promise<{ pictures: NearPicture[]; areAll: boolean }> {
    const search = this.#features
      .query()
      .nearestTo(query)
      .column('vector')
      .distanceType('cosine')
      .select(['imageHash', '_distance'])
      .limit(k);
    // Without an index these two have no effect.
    search.nprobes(PROBES).refineFactor(REFINE);
    if (among) search.where(columnIn('imageHash', among));
    const scores = new Map<string, number>();
    let rows = 0;
    for await (const batch of search) {
      const hashOf = readerOf(batch, 'imageHash');
      const distances = batch.getChild('_distance');
      rows += batch.numRows;
      for (let i = 0; i < batch.numRows; i++) {
        const imageHash = String(hashOf(i));
        const score = 1 - Number(distances?.get(i));
        if (score > (scores.get(imageHash) ?? Number.NEGATIVE_INFINITY)) scores.set(imageHash, score);
      }
    }
    const pictures = [...scores].map(([imageHash, score]) => ({ imageHash, score }));
    return { pictures: pictures.sort((a, b) => b.score - a.score), areAll: rows < k };
  }

  /** The hashes of the pictures of all rows that pass. */
  async hashesOf(filters: Conditions): Promise<Set<string>> {
    const hashes = new Set<string>();
    for await (const batch of this.#query(filtersToSql(filters)).select(['imageHash'])) {
      const hashOf = readerOf(batch, 'imageHash');
      for (let i = 0; i < batch.numRows; i++) hashes.add(String(hashOf(i)));
    }
    return hashes;
  }

  /**
   * The rows with one of these values in a column that pass filters.
   * @param most the largest number of rows
   */
  async rowsWith(
    column: 'imageHash' | 'productId' | 'groupId',
    values: readonly string[],
    filters: Conditions,
    most: number,
  ): Promise<RowIdentity[]> {
    const where = filtersToSql(filters);
    const rows: RowIdentity[] = [];
    for (let from = 0; from < values.length && rows.length < most; from += VALUES_AT_ONCE) {
      const condition = columnIn(column, values.slice(from, from + VALUES_AT_ONCE));
      const query = this.#query(where === null ? condition : `${condition} AND (${where})`);
      for await (const batch of query
        .select(IDENTITY)
        .withRowId()
        .limit(most - rows.length)) {
        rows.push(...identitiesOf(batch));
      }
    }
    return rows;
  }

  /** The addresses of all rows, in the table's order. */
  async addresses(): Promise<Float64Array> {
    const numbers: number[] = [];
    for await (const batch of this.#table.query().select([]).withRowId()) {
      for (const number of addressesOf(batch)) numbers.push(number);
    }
    return Float64Array.from(numbers);
  }

  /** Columns of the rows that pass, a batch at a time. */
  async *scan(filters: Conditions, columns: readonly string[]): AsyncGenerator<LanceRows, void> {
    for await (const batch of this.#query(filtersToSql(filters)).select([...columns])) {
      yield { count: batch.numRows, cell: cellsOf(batch, columns), terms: termsOf(batch) };
    }
  }

  #query(where: string | null) {
    const query = this.#table.query();
    return where === null ? query : query.where(where);
  }
}

/** The addresses of pictures in the table of pictures, by hash. */
export async function addressesOfPictures(
  pictures: Table,
  imageHashes: readonly string[],
): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (let from = 0; from < imageHashes.length; from += VALUES_AT_ONCE) {
    const condition = columnIn('imageHash', imageHashes.slice(from, from + VALUES_AT_ONCE));
    for await (const batch of pictures.query().where(condition).select(['imageHash']).withRowId()) {
      const hashOf = readerOf(batch, 'imageHash');
      for (const [i, address] of addressesOf(batch).entries()) found.set(String(hashOf(i)), address);
    }
  }
  return found;
}

/** Some scanned rows. */
export interface LanceRows {
  count: number;
  cell: (column: string, row: number) => unknown;
  /** The row's `attributeTerms`. */
  terms: (row: number) => string[];
}

function cellsOf(batch: RecordBatch, columns: readonly string[]): LanceRows['cell'] {
  const readers = new Map(
    columns.filter((name) => name !== 'attributeTerms').map((name) => [name, readerOf(batch, name)]),
  );
  return (column, row) => readers.get(column)?.(row);
}

function termsOf(batch: RecordBatch): LanceRows['terms'] {
  const lists = batch.getChild('attributeTerms');
  return (row) => Array.from(lists?.get(row) ?? [], String);
}

function identitiesOf(batch: RecordBatch): RowIdentity[] {
  const cell = cellsOf(batch, IDENTITY);
  const addresses = addressesOf(batch);
  return Array.from({ length: batch.numRows }, (_, row) => {
    const groupId = cell('groupId', row);
    return {
      address: addresses[row] ?? 0,
      imageHash: String(cell('imageHash', row)),
      uid: String(cell('uid', row)),
      styleId: String(cell('styleId', row)),
      productId: String(cell('productId', row)),
      groupId: groupId === null ? null : String(groupId),
    };
  });
}
