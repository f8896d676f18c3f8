import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type BenchEngine, runSync, startEngine } from './engine.ts';
import { type Figure, median, quantile } from './figures.ts';
import { starterModel } from './model.ts';
import type { PhotoSource } from './photos.ts';
import type { Setting } from './setting.ts';

const PRODUCTS = 50_000;
/** The products share this many photos: the bench measures a sync without decoding and embedding (see import.ts). */
const PHOTOS = 100;
const ROLLBACKS = 20;

/** A feed of 50,000 products: the first sync, the same again, one changed price, and a rollback. Starter model. */
export async function measureSync({ photos, scratch }: Setting): Promise<Figure[]> {
  const folder = join(scratch, 'sync');
  const feed = await writeFeed(folder, photos, 10);
  await using engine = await startEngine(join(folder, 'data'), await starterModel());
  const first = await runSync(engine, feed);
  const again = await runSync(engine, feed);
  await writeFeed(folder, photos, 11);
  const price = await runSync(engine, feed);
  if (again.published || price.products.changed !== 1 || price.images.embedded !== 0) {
    throw new Error(
      `Not what was to be measured: ${JSON.stringify({ again: again.published, price: price.products })}`,
    );
  }
  const memory = await engine.ask.memory();
  const rollbacks = await rollBackAndForth(engine);
  return [
    { name: `first sync of ${PRODUCTS} products, ${PHOTOS} photos`, value: first.seconds, unit: 's' },
    { name: '  the same feed again, nothing changed', value: again.seconds, unit: 's' },
    { name: '  one price changed, published', value: price.seconds, unit: 's' },
    { name: '  engine memory after these', value: memory / 1e6, unit: 'MB' },
    { name: 'roll back, median', value: median(rollbacks), unit: 'ms', target: { atMost: 100 } },
    { name: 'roll back, p95', value: quantile(rollbacks, 0.95), unit: 'ms', target: { atMost: 100 } },
  ];
}

async function writeFeed(folder: string, photos: PhotoSource, firstPrice: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  for (let n = 0; n < PHOTOS; n++) {
    if (firstPrice === 10) await writeFile(join(folder, `${n}.jpg`), await photos.jpeg(90_000 + n));
  }
  const products = Array.from({ length: PRODUCTS }, (_, n) => ({
    id: `p${n}`,
    title: `Product ${n}`,
    image: `${n % PHOTOS}.jpg`,
    price: n === 0 ? firstPrice : 10,
    category: `category ${n % 30}`,
  }));
  const path = join(folder, 'feed.json');
  await writeFile(path, JSON.stringify({ version: 1, products }));
  return path;
}

async function rollBackAndForth(engine: BenchEngine): Promise<number[]> {
  const [newer, older] = await engine.ask.listSnapshots();
  if (!newer || !older) throw new Error('There should be two snapshots.');
  const times: number[] = [];
  for (let n = 0; n < ROLLBACKS; n++) {
    const started = performance.now();
    await engine.ask.rollBack({ version: (n % 2 === 0 ? older : newer).version });
    times.push(performance.now() - started);
  }
  return times;
}
