import { join } from 'node:path';
import { connect, Index } from '@lancedb/lancedb';
import type { CatalogModel } from '../electron/engine/catalog/catalog.ts';
import { folderUse } from '../electron/engine/catalog/disk.ts';
import type { Snapshot } from '../electron/engine/catalog/snapshot.ts';
import { type Figure, median, quantile } from './figures.ts';
import { seeded, unitNear } from './random.ts';

const QUERIES = 40;
/** Puts a query as near to its product as another picture of the same thing is: a cosine of about 0.87. */
const SPREAD = 0.045;

const distanceType = 'cosine';
/** Lance's indices and how they must be asked to reach a recall of 0.98; a million products are too slow for one. */
const INDICES = [
  { name: 'IVF_RQ', config: Index.ivfRq({ distanceType }), probes: 40, refine: 5, upTo: 1_000_000 },
  { name: 'HNSW_SQ', config: Index.hnswSq({ distanceType }), probes: 4, refine: 2, upTo: 100_000 },
];

/** Lance's approximate search over the same table, with recall@10 against the exact one. */
export async function measureIndices(
  uri: string,
  { id, dim }: CatalogModel,
  snapshot: Snapshot,
  limit: number,
): Promise<Figure[]> {
  const table = await (await connect(uri)).openTable(`images-${id}`);
  const random = seeded(5);
  const images = [...snapshot.images()];
  const queries = Array.from({ length: QUERIES }, () => {
    const image = images[Math.floor(random() * images.length)];
    return unitNear(image?.vector ?? new Float32Array(dim), SPREAD, random);
  });
  const figures: Figure[] = [];
  for (const { name, config, probes, refine, upTo } of INDICES) {
    if (images.length > upTo) continue;
    const before = await folderUse(join(uri, `images-${id}.lance`));
    const began = performance.now();
    await table.createIndex('vector', { config, replace: true, waitTimeoutSeconds: 3600 });
    const built = performance.now() - began;
    const after = await folderUse(join(uri, `images-${id}.lance`));
    const [spent, found]: [number[], number[]] = [[], []];
    for (const query of queries) {
      const exact = (await snapshot.nearest(query, 10, {})).neighbours.map(({ productId }) => productId);
      const start = performance.now();
      const rows = await table
        .vectorSearch(query)
        .distanceType(distanceType)
        .nprobes(probes)
        .refineFactor(refine)
        .select(['productId', '_distance'])
        .limit(limit)
        .toArray();
      spent.push(performance.now() - start);
      const best = new Set(rows.slice(0, 10).map((row) => String(row.productId)));
      found.push(exact.filter((productId) => best.has(productId)).length / exact.length);
    }
    const recall = found.reduce((sum, share) => sum + share, 0) / found.length;
    figures.push(
      { name: `${name}, built`, value: built / 1000, unit: 's' },
      { name: `${name}, disk`, value: (after.bytes - before.bytes) / 1e6, unit: 'MB' },
      { name: `${name}, ${limit} best`, value: median(spent), unit: 'ms' },
      { name: `${name}, p95`, value: quantile(spent, 0.95), unit: 'ms' },
      { name: `${name}, recall@10`, value: recall, unit: 'of 1', target: { atLeast: 0.98 } },
    );
  }
  table.close();
  return figures;
}
