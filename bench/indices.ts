import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { connect, Index } from '@lancedb/lancedb';
import type { Filters } from '../electron/contract/search.ts';
import type { CatalogModel } from '../electron/engine/catalog/catalog.ts';
import { folderUse } from '../electron/engine/catalog/disk.ts';
import type { Snapshot } from '../electron/engine/snapshot/snapshot.ts';
import { writeIndex } from '../electron/engine/vectors/index-file.ts';
import { type Figure, median, quantile } from './figures.ts';
import { seeded, unitNear } from './random.ts';

const QUERIES = 40;
/** Puts a query as near to its product as another picture of the same product would be: a cosine of about 0.87. */
const SPREAD = 0.045;

/** Filters for the engine's own index: none, a quarter, and a ninth of the products. */
const FILTERS: { name: string; filters: Filters }[] = [
  { name: 'all', filters: {} },
  { name: 'ten brands of 40', filters: { brand: Array.from({ length: 10 }, (_, n) => `Brand ${n}`) } },
  { name: 'one category of 9', filters: { category: ['dress'] } },
];

const distanceType = 'cosine';
/** Lance's indices, with the parameters that reach a recall of 0.98. For one of them a million products take too long. */
const INDICES = [
  { name: 'IVF_RQ', config: Index.ivfRq({ distanceType }), probes: 40, refine: 5, upTo: 1_000_000 },
  { name: 'HNSW_SQ', config: Index.hnswSq({ distanceType }), probes: 4, refine: 2, upTo: 100_000 },
];

/** Queries near products of the catalog. */
function makeQueries(snapshot: Snapshot, dim: number): Float32Array[] {
  const random = seeded(5);
  const images = [...snapshot.images()];
  return Array.from({ length: QUERIES }, () => {
    const image = images[Math.floor(random() * images.length)];
    return unitNear(image?.vector ?? new Float32Array(dim), SPREAD, random);
  });
}

/**
 * Measures approximate search and its recall against the exact one: Lance's indices over the same table, then the engine's
 * own, which the snapshot uses afterwards.
 */
export async function measureIndices(
  uri: string,
  model: CatalogModel,
  snapshot: Snapshot,
  limit: number,
): Promise<Figure[]> {
  const queries = makeQueries(snapshot, model.dim);
  return [
    ...(await measureLance(uri, model, snapshot, queries, limit)),
    ...(await measureOwn(uri, snapshot, queries, limit)),
  ];
}

async function measureLance(
  uri: string,
  { id }: CatalogModel,
  snapshot: Snapshot,
  queries: readonly Float32Array[],
  limit: number,
): Promise<Figure[]> {
  const table = await (await connect(uri)).openTable(`features-${id}`);
  // Each product of the bench has its own picture.
  const firsts = [...snapshot.allPublished()].flatMap((each) => each.rows());
  const productOf = new Map(firsts.map((row) => [row.imageHash, row.productId]));
  const figures: Figure[] = [];
  for (const { name, config, probes, refine, upTo } of INDICES) {
    if (snapshot.info.images > upTo) continue;
    const before = await folderUse(join(uri, `features-${id}.lance`));
    const began = performance.now();
    await table.createIndex('vector', { config, replace: true, waitTimeoutSeconds: 3600 });
    const built = performance.now() - began;
    const after = await folderUse(join(uri, `features-${id}.lance`));
    const [spent, found]: [number[], number[]] = [[], []];
    for (const query of queries) {
      const exact = await productsNear(snapshot, query, 10, {});
      const start = performance.now();
      const rows = await table
        .vectorSearch(query)
        .distanceType(distanceType)
        .nprobes(probes)
        .refineFactor(refine)
        .select(['imageHash', '_distance'])
        .limit(limit)
        .toArray();
      spent.push(performance.now() - start);
      found.push(
        recall(
          exact,
          rows.slice(0, 10).map((row) => productOf.get(String(row.imageHash)) ?? ''),
        ),
      );
    }
    figures.push(
      { name: `${name}, built`, value: built / 1000, unit: 's' },
      { name: `${name}, disk`, value: (after.bytes - before.bytes) / 1e6, unit: 'MB' },
      ...speedAndRecall(`${name}, ${limit} best`, spent, found),
    );
  }
  table.close();
  return figures;
}

/** Measures the index that the engine builds in the background, with and without filters. */
async function measureOwn(
  uri: string,
  snapshot: Snapshot,
  queries: readonly Float32Array[],
  limit: number,
): Promise<Figure[]> {
  const exact = [];
  for (const { filters } of FILTERS) {
    for (const query of queries) exact.push(await productsNear(snapshot, query, limit, filters));
  }
  const began = performance.now();
  const steps = snapshot.buildIndex(null);
  let step = steps.next();
  while (!step.done) step = steps.next();
  const built = performance.now() - began;
  const path = join(uri, '../index.bin');
  if (step.value) await writeIndex(path, step.value);
  const figures: Figure[] = [
    { name: 'own index, built', value: built / 1000, unit: 's' },
    { name: 'own index, disk', value: (await stat(path)).size / 1e6, unit: 'MB' },
  ];
  for (const [n, { name, filters }] of FILTERS.entries()) {
    const [spent, ten, all, used]: [number[], number[], number[], number[]] = [[], [], [], []];
    for (const [i, query] of queries.entries()) {
      const expected = exact[n * queries.length + i] ?? [];
      const start = performance.now();
      const { neighbours, search } = await snapshot.nearest(query, limit, filters);
      spent.push(performance.now() - start);
      const found = neighbours.map(({ uid }) => uid);
      ten.push(recall(expected.slice(0, 10), found.slice(0, 10)));
      all.push(recall(expected, found));
      used.push(search === 'index' ? 1 : 0);
    }
    figures.push(
      ...speedAndRecall(`own index, ${limit} best of ${name}`, spent, ten),
      { name: `  recall@${limit}`, value: mean(all), unit: 'of 1' },
      { name: '  answered by the index', value: mean(used), unit: 'of 1' },
    );
  }
  return figures;
}

async function productsNear(
  snapshot: Snapshot,
  query: Float32Array,
  limit: number,
  filters: Filters,
): Promise<string[]> {
  const { neighbours } = await snapshot.nearest(query, limit, filters);
  return neighbours.map(({ uid }) => uid);
}

/** The share of the expected items that were found. */
function recall(expected: readonly string[], found: readonly string[]): number {
  const foundIds = new Set(found);
  return expected.filter((productId) => foundIds.has(productId)).length / expected.length;
}

const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;

function speedAndRecall(name: string, spent: readonly number[], ten: readonly number[]): Figure[] {
  return [
    { name, value: median(spent), unit: 'ms' },
    { name: '  p95', value: quantile(spent, 0.95), unit: 'ms' },
    { name: '  recall@10', value: mean(ten), unit: 'of 1', target: { atLeast: 0.98 } },
  ];
}
