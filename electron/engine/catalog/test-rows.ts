// Catalog rows made from numbers, for tests that need neither pictures nor a model.
import { createHash } from 'node:crypto';
import { skuKeyOf } from '../../contract/product-codes.ts';
import type { LiveCatalog } from '../snapshot/live-catalog.ts';
import type { Catalog } from './catalog.ts';
import { rowKey, styleIdOf, uidOf } from './product-ids.ts';
import type { CatalogRow } from './rows.ts';
import { COLOR_SIGNATURE_LENGTH, type ImageRow } from './schema.ts';

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

/** Numbers that look random, of unit length. The same seed gives the same numbers. */
function unitVector(length: number, seed: number): Float32Array {
  const vector = Float32Array.from({ length }, (_, i) => Math.sin((seed + 1) * 12.9898 * (i + 1)));
  const norm = Math.hypot(...vector);
  return vector.map((value) => value / norm);
}

/** Image 0 of product `p<seed>`. Its content follows from its image hash, as in a real catalog. */
export function testRow(seed: number, fields: Partial<ImageRow> = {}, dim = 8): CatalogRow {
  const product = {
    productId: `p${seed}`,
    sku: `SKU-${seed}`,
    title: `Product ${seed}`,
    category: 'shoes',
    brand: null,
    color: 'red',
    price: 10,
    currency: 'EUR',
    availability: 'in stock' as const,
    url: `https://shop.example/${seed}`,
    groupId: null,
    source: '',
    size: null,
    stock: null,
    gtin: null,
    colorFrom: 'feed' as const,
    attributes: { material: 'wool' },
    ...fields,
  };
  const uid = uidOf(product.source, product.productId);
  const row = {
    uid,
    skuKey: skuKeyOf(product.sku),
    styleId: styleIdOf({ ...product, uid }),
    imageIndex: 0,
    imageRef: `https://shop.example/${seed}.jpg`,
    imageValidator: null,
    imageHash: sha256(`image ${seed}`),
    rowHash: sha256(JSON.stringify(product)),
    ...product,
  };
  const picture = Number.parseInt(row.imageHash.slice(0, 6), 16);
  return {
    row: { ...row, key: rowKey(row.uid, row.imageIndex) },
    content: {
      vector: unitVector(dim, picture),
      colorSignature: unitVector(COLOR_SIGNATURE_LENGTH, picture + 1),
      subjectColors: null,
      thumbnail: Buffer.concat([Buffer.from('RIFF0000WEBP'), Buffer.alloc(500, picture % 251)]),
    },
  };
}

/** Stages the differences, as a sync does, publishes them, and waits until the new snapshot answers. */
export async function syncRows(catalog: LiveCatalog, rows: readonly CatalogRow[], name = 'Test') {
  const published = await publishRows(catalog, rows, name);
  await catalog.caughtUp();
  return published;
}

/** Like `syncRows` without waiting, as when another process publishes. */
export async function publishRows(catalog: Catalog, rows: readonly CatalogRow[], name = 'Test') {
  const staging = await catalog.stage();
  try {
    await staging.write(
      rows.filter(({ row }) => {
        const staged = staging.rows.get(row.key);
        return staged?.rowHash !== row.rowHash || staged.imageHash !== row.imageHash;
      }),
    );
    const wanted = new Set(rows.map(({ row }) => row.key));
    await staging.remove([...staging.rows.keys()].filter((key) => !wanted.has(key)));
    return staging.differsFromLive() && !staging.wasRolledBack()
      ? await staging.publish(name, 'test', 1.5)
      : null;
  } finally {
    await staging.close();
  }
}

/** All rows of a snapshot, in the order of their keys. */
export async function rowsOf(catalog: Catalog, version: number): Promise<CatalogRow[]> {
  const rows: CatalogRow[] = [];
  for await (const batch of catalog.rows.scanWithContent(version)) rows.push(...batch);
  return rows.sort((a, b) => (a.row.key < b.row.key ? -1 : 1));
}
