import type { CatalogWords } from '../words/lexicon.ts';
import type { CatalogValue } from '../words/sense.ts';
import type { Derived } from './derived.ts';
import type { ResidentRows } from './resident.ts';

/** The words of a snapshot that have a meaning in it. */
export interface SnapshotWords extends Pick<CatalogWords, 'values' | 'titles'> {
  /** Colour signatures of some pictures of products that have this colour, in bytes. */
  picturesOf: (color: string) => Uint8Array[];
}

/** A longer value is a description, whose words say little of the product. */
const LONGEST_VALUE = 60;
/** Pictures that are looked at to see a colour whose name is not known. */
const MOST_PICTURES = 8;

const FIELDS = ['category', 'brand', 'color', 'size'] as const;

/** Collects the values of a snapshot's fields and the words of its titles. */
export async function readCatalogWords(
  rows: ResidentRows,
  { firstRows, titles, pictures }: Derived,
): Promise<SnapshotWords> {
  const values: CatalogValue[] = [];
  for (const field of FIELDS) {
    const column = rows.columns[field];
    const counts = new Uint32Array(column.values.length);
    for (const row of firstRows) counts[column.of[row] ?? 0] = (counts[column.of[row] ?? 0] ?? 0) + 1;
    for (const [number, products] of counts.entries()) {
      const value = column.values[number] ?? null;
      if (products > 0 && value !== null) values.push({ field, name: '', value, products });
    }
  }
  const counts = new Uint32Array(rows.terms.all.length);
  for (const row of firstRows) {
    for (const number of rows.terms.of(row)) counts[number] = (counts[number] ?? 0) + 1;
  }
  for (const [number, { name, value }] of rows.terms.all.entries()) {
    const products = counts[number] ?? 0;
    if (products === 0 || value.length > LONGEST_VALUE || rows.terms.isCrowded(name)) continue;
    values.push({ field: 'attribute', name, value, products });
  }
  const stems = await titles.read();
  return {
    values,
    titles: new Map(
      Array.from(stems, ([stem, { words, products }]) => [stem, { words, products: products.length }]),
    ),
    picturesOf: (color) => {
      const number = rows.columns.color.numberOf(color);
      const found: Uint8Array[] = [];
      for (const row of firstRows) {
        if (rows.columns.color.of[row] !== number) continue;
        found.push(pictures.featuresOf(row).colorSignature);
        if (found.length === MOST_PICTURES) break;
      }
      return found;
    },
  };
}
