import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { folderUse } from '../electron/engine/catalog/disk.ts';
import { LiveCatalog } from '../electron/engine/snapshot/live-catalog.ts';
import type { Snapshot } from '../electron/engine/snapshot/snapshot.ts';
import { bareModel } from './bare-model.ts';
import { fillCatalog } from './catalog.ts';
import { startEngine, timedQuery } from './engine.ts';
import { type Figure, median, quantile } from './figures.ts';
import { measureIndices } from './indices.ts';
import { seeded, unitNear } from './random.ts';
import type { Setting } from './setting.ts';

/** The largest ratio of a query to the bare run, by size. */
const TARGETS: Record<number, number> = { 10000: 1.3, 100000: 1.35, 1000000: 1.6 };
/** A full search of fewer products is faster than using an index. */
const INDICES_FROM = 100_000;
const QUERIES = 40;
const WARM_UP = 10;
const PAUSE_MS = 50;
/** As many as are ranked by colour (search/picture-ranking.ts). */
const LIMIT = 200;

/** Catalogs of each size: time to build, memory, time of queries, and the engine's index compared with Lance's. */
export async function measureScale(setting: Setting): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const products of setting.sizes) {
    console.error(`Scale: ${products} products`);
    const dataDir = join(setting.scratch, `scale-${products}`);
    const measured = await measureSize(setting, dataDir, products);
    figures.push(...measured.map((it) => ({ ...it, name: `${products}: ${it.name}` })));
    await rm(dataDir, { recursive: true, force: true });
  }
  return figures;
}

async function measureSize(setting: Setting, dataDir: string, products: number): Promise<Figure[]> {
  const { id, dim } = setting.model.entry;
  const uri = join(dataDir, 'catalog');
  const began = performance.now();
  // Very small: what matters is fetching twelve of them, and a million larger ones would fill a disk.
  const thumbnail = await setting.photos.thumbnail(0, 32);
  await fillCatalog(uri, { id, dim }, products, [thumbnail]);
  const built = performance.now() - began;
  const { bytes } = await folderUse(uri);
  const queryFigures = await measureQueries(setting, dataDir, products);
  const snapshot = await (await LiveCatalog.open(uri, { id, dim })).live();
  if (!snapshot) throw new Error('The catalog is not published.');
  return [
    { name: 'made and published', value: built / 1000, unit: 's' },
    { name: 'disk, pictures of stamp size', value: bytes / 1e6, unit: 'MB' },
    ...queryFigures,
    ...(await measureExact(snapshot, dim)),
    ...(products < INDICES_FROM ? [] : await measureIndices(uri, { id, dim }, snapshot, LIMIT)),
  ];
}

/** The whole query through the contract, as `query` measures it, with the engine's memory. */
async function measureQueries(
  { model, photos }: Setting,
  dataDir: string,
  products: number,
): Promise<Figure[]> {
  await using engine = await startEngine(dataDir, model);
  const run = await bareModel(model, 1);
  const began = performance.now();
  await timedQuery(engine, await photos.jpeg(0));
  const first = performance.now() - began;
  const loaded = performance.now();
  await engine.ask.calibrate();
  const prepared = performance.now() - loaded;
  const [bare, total, search]: [number[], number[], number[]] = [[], [], []];
  let byIndex = 0;
  for (let n = -WARM_UP; n < QUERIES; n++) {
    const bytes = await photos.jpeg(3000 + n);
    await sleep(PAUSE_MS);
    const start = performance.now();
    await run();
    const alone = performance.now() - start;
    await sleep(PAUSE_MS);
    const { ms, answer } = await timedQuery(engine, bytes);
    if (n < 0) continue;
    bare.push(alone);
    total.push(ms);
    search.push(answer.timings.search);
    if (answer.ranking.search === 'index') byIndex++;
  }
  const baseline = { name: 'bare session.run', value: median(bare) };
  const atMost = TARGETS[products];
  return [
    { name: 'first query, catalog read', value: first / 1000, unit: 's' },
    {
      name: 'query',
      value: median(total),
      unit: 'ms',
      baseline,
      ...(atMost === undefined ? {} : { target: { atMost } }),
    },
    { name: 'query, p95', value: quantile(total, 0.95), unit: 'ms' },
    { name: '  of which search', value: median(search), unit: 'ms' },
    { name: '  answered by the index', value: byIndex / QUERIES, unit: 'of 1' },
    { name: 'calibrated and indexed in the background', value: prepared / 1000, unit: 's' },
    { name: 'engine memory', value: (await engine.ask.memory()) / 1e6, unit: 'MB' },
  ];
}

/** The engine's exact search, compared with the simplest one: each row of one Float32Array, number by number. */
async function measureExact(snapshot: Snapshot, dim: number): Promise<Figure[]> {
  const rows = [...snapshot.images()].map(({ vector }) => vector);
  const random = seeded(11);
  const [own, plain]: [number[], number[]] = [[], []];
  for (let n = -3; n < QUERIES; n++) {
    const query = unitNear(new Float32Array(dim), 1, random);
    const began = performance.now();
    const { neighbours } = await snapshot.nearest(query, LIMIT, {});
    const between = performance.now();
    const best = plainNearest(query, rows);
    const ended = performance.now();
    if (Math.abs((neighbours[0]?.score ?? 0) - best) > 1e-6) throw new Error('The two searches disagree.');
    if (n < 0) continue;
    own.push(between - began);
    plain.push(ended - between);
  }
  const baseline = { name: 'plain scan', value: median(plain) };
  return [
    { name: `exact search, ${LIMIT} best`, value: median(own), unit: 'ms', baseline },
    { name: 'exact search, p95', value: quantile(own, 0.95), unit: 'ms' },
  ];
}

/** The best score of all rows. Finding more than one would only take longer. */
function plainNearest(query: Float32Array, rows: readonly Float32Array[]): number {
  let best = Number.NEGATIVE_INFINITY;
  for (const row of rows) {
    let score = 0;
    for (let i = 0; i < query.length; i++) score += (query[i] ?? 0) * (row[i] ?? 0);
    if (score > best) best = score;
  }
  return best;
}
