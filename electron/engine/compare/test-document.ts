import { join } from 'node:path';
import type { Band } from '../../contract/search.ts';
import { range } from '../test-catalog.ts';
import { Document } from './document.ts';
import type { Entry, KeptProduct } from './entries.ts';

const AT = '2026-11-30T09:00:00.000Z';

/** What `writeDocument` gives each row: the band of its first candidate; null for a row that waits. */
export type RowOf = Band | null;

/** The hash of a row's picture: rows of the same number have the same picture in all documents. */
export const hashOf = (row: number): string => row.toString(16).padStart(64, '0');

/** The uid of the first, second, … candidate of a row. */
export const candidateOf = (row: number, place: number): string => `shop/p${row}-${place}`;

export function productOf(uid: string): KeptProduct {
  const productId = uid.split('/')[1] ?? uid;
  return {
    ...{ uid, source: 'shop', styleId: uid, styleSku: productId, productId, sku: `SKU-${productId}` },
    ...{ title: `Product ${productId}`, category: 'Coats', brand: null, color: null },
    ...{ price: 10, currency: 'EUR', availability: null, url: null },
  };
}

/** A document of a data folder, with rows that were compared: three candidates each, the first of the band given. */
export async function writeDocument(
  dataDir: string,
  id: string,
  rows: readonly RowOf[],
  { version = 2, more = [] }: { version?: number; more?: readonly Entry[] } = {},
): Promise<string> {
  const folder = join(dataDir, 'comparisons', id);
  const document = await Document.create(folder, async (begun) => {
    const place = await begun.addPicture(new Uint8Array(8));
    return [
      { kind: 'begin', version, name: id, competitor: null, createdAt: AT, sources: [] },
      ...rows.flatMap((band, at): Entry[] => {
        const row = at + 1;
        const listed: Entry = { kind: 'row', row, source: 0, at: `${row}.jpg` };
        if (band === null) return [listed];
        const uids = range(3).map((n) => candidateOf(row, n + 1));
        const picture = {
          ...{ hash: hashOf(row), width: 80, height: 100, type: 'image/jpeg' },
          ...{ thumbnail: place, large: place, features: place },
        };
        const candidates = uids.map((uid, n): [string, string, number, Band] => [
          uid,
          hashOf(row),
          0.9 - n / 10,
          n === 0 ? band : 'other',
        ]);
        return [
          listed,
          ...uids.map((uid): Entry => ({ kind: 'product', product: productOf(uid) })),
          { kind: 'compared', row, picture, answer: { candidates, probability: 0.5, crop: null }, at: AT },
        ];
      }),
      ...more,
    ];
  });
  await document.close();
  return id;
}
