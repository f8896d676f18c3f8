import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Catalog, type CatalogModel } from '../electron/engine/catalog/catalog.ts';
import type { CatalogRow } from '../electron/engine/catalog/rows.ts';
import { fillCatalog } from './catalog.ts';
import { type BenchEngine, startEngine, timedQuery } from './engine.ts';
import { type Figure, median, quantile } from './figures.ts';
import type { Setting } from './setting.ts';

/** The sizes that the targets are stated for. */
const SIZES = [10_000, 100_000];
const PAUSE_MS = 250;
/** How long queries run before a publish, and after it. */
const WATCHED_MS = 60_000;
const WARM_UP = 10;
/** One price, a tenth of all products, and again: from time to time Lance gives all rows new addresses. */
const CHANGES = [
  { name: 'one price', share: 0 },
  { name: 'a tenth of the products', share: 0.1 },
] as const;

/**
 * Compares queries in the minute after another process has published with the minute before, and measures the engine's
 * largest memory meanwhile. The publisher's own work comes before and is not included.
 */
export async function measurePublish(setting: Setting): Promise<Figure[]> {
  const { model, photos, scratch } = setting;
  const figures: Figure[] = [];
  for (const products of SIZES.filter((size) => setting.sizes.includes(size))) {
    console.error(`Publish: ${products} products`);
    const dataDir = join(scratch, `publish-${products}`);
    const uri = join(dataDir, 'catalog');
    const { id, dim } = model.entry;
    await fillCatalog(uri, { id, dim }, products, [await photos.thumbnail(0, 32)]);
    await using engine = await startEngine(dataDir, model);
    let seed = 100_000;
    const nextPhoto = () => photos.jpeg(seed++);
    for (let n = 0; n < WARM_UP; n++) await timedQuery(engine, await nextPhoto());
    await engine.ask.calibrate();
    for (const { name, share } of CHANGES) {
      const count = Math.max(1, products * share);
      const idle = await queriesFor(engine, nextPhoto, () => true);
      const version = await publish(uri, { id, dim }, count);
      const after = await queriesFor(engine, nextPhoto, (answer) => answer === version);
      const label = `${products}, ${name}`;
      figures.push(
        {
          name: `${label}: query in the minute after, p95`,
          value: quantile(after.times, 0.95),
          unit: 'ms',
          baseline: { name: 'before', value: quantile(idle.times, 0.95) },
          target: { atMost: 1.5 },
        },
        {
          name: '  median',
          value: median(after.times),
          unit: 'ms',
          baseline: { name: 'before', value: median(idle.times) },
        },
        {
          name: '  of which search, p95',
          value: quantile(after.search, 0.95),
          unit: 'ms',
          baseline: { name: 'before', value: quantile(idle.search, 0.95) },
        },
        { name: '  slowest', value: Math.max(...after.times), unit: 'ms' },
        { name: '  the new snapshot answers after', value: after.seen, unit: 'ms' },
        {
          name: '  largest memory',
          value: after.memory / 1e6,
          unit: 'MB',
          baseline: { name: 'before', value: idle.memory / 1e6 },
          target: { atMost: 1.3 },
        },
      );
    }
    await rm(dataDir, { recursive: true, force: true });
  }
  return figures;
}

interface Watched {
  times: number[];
  /** The time of the search itself. */
  search: number[];
  /** The largest of them, in bytes. */
  memory: number;
  /** When the first answer came from the new version, in milliseconds. */
  seen: number;
}

/** New photos for a minute, with a pause after each answer. */
async function queriesFor(
  engine: BenchEngine,
  nextPhoto: () => Promise<Uint8Array<ArrayBuffer>>,
  isWanted: (version: number) => boolean,
): Promise<Watched> {
  const watched: Watched = { times: [], search: [], memory: 0, seen: Number.NaN };
  const began = performance.now();
  let ended = false;
  const watching = (async () => {
    while (!ended) {
      watched.memory = Math.max(watched.memory, await engine.ask.memory());
      await sleep(20);
    }
  })();
  while (performance.now() - began < WATCHED_MS) {
    const photo = await nextPhoto();
    const { ms, answer } = await timedQuery(engine, photo);
    watched.times.push(ms);
    watched.search.push(answer.timings.search);
    if (Number.isNaN(watched.seen) && isWanted(answer.snapshot.version))
      watched.seen = performance.now() - began;
    await sleep(PAUSE_MS);
  }
  ended = true;
  await watching;
  return watched;
}

/** Publishes the catalog with other prices, as another process would. Returns its version. */
async function publish(uri: string, model: CatalogModel, changed: number): Promise<number> {
  const catalog = await Catalog.open(uri, model);
  const live = await catalog.liveInfo();
  const every = Math.floor((live?.products ?? 0) / changed);
  const wanted = new Set(Array.from({ length: changed }, (_, i) => `product-${i * every}#0`));
  const rows: CatalogRow[] = [];
  const price = (live?.version ?? 0) + 1;
  for await (const batch of catalog.rows.scanWithContent(live?.version ?? 0, ({ key }) => wanted.has(key))) {
    rows.push(
      ...batch.map(({ row, content }) => ({
        row: { ...row, price, rowHash: `${price}`.padStart(64, '0') },
        content,
      })),
    );
  }
  const staging = await catalog.stage();
  try {
    for (let from = 0; from < rows.length; from += 1000) await staging.write(rows.slice(from, from + 1000));
    return (await staging.publish('Bench', 'bench')).version;
  } finally {
    await staging.close();
    await catalog.close();
  }
}
