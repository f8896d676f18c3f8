import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { colorSignature } from '../electron/engine/images/color.ts';
import { readForCatalog } from '../electron/engine/images/photo.ts';
import { catalogSubjectColors } from '../electron/engine/images/subject-colors.ts';
import { bareModel } from './bare-model.ts';
import { runSync, startEngine } from './engine.ts';
import { type Figure, median } from './figures.ts';
import type { PhotoSource } from './photos.ts';
import type { Setting } from './setting.ts';

/** The size of a small shop. With 160, start-up and publishing took a tenth of the time. */
const IMAGES = 480;
const REPEATS = 3;
/** The engine's own batch size (`BULK_BATCH`), so that the upper limit is that of the same work. */
const BATCH = 4;

/** Images per second of a whole import, compared with the upper limit if only decoding and embedding took time. */
export async function measureImport(setting: Setting): Promise<Figure[]> {
  const { model, photos, scratch } = setting;
  const folder = join(scratch, 'import-feed');
  const feed = await writeFeed(folder, photos, IMAGES);
  const [rates, reads, runs, fixed]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let n = 0; n < REPEATS; n++) {
    reads.push(await readCost(setting));
    runs.push(await encodeCost(setting));
    await using engine = await startEngine(join(scratch, `import-${n}`), model);
    const { images, ms, began } = await runSync(engine, feed);
    if (images.embedded !== IMAGES) throw new Error(`${images.embedded} of ${IMAGES} embedded.`);
    rates.push((1000 * IMAGES) / ms);
    fixed.push((began.get('embedding') ?? 0) + ms - (began.get('publishing') ?? ms));
  }
  const cores = availableParallelism();
  const limit = (1000 * cores) / (median(reads) + median(runs));
  const baseline = { name: `limit on ${cores} cores`, value: limit };
  return [
    {
      name: `import of ${IMAGES}`,
      value: median(rates),
      unit: 'images/s',
      baseline,
      target: { atLeast: 0.85 },
    },
    { name: '  of it start-up and publishing', value: median(fixed), unit: 'ms' },
    { name: '  core time: decode + thumbnail + colours', value: median(reads), unit: 'ms' },
    { name: '  core time: encode', value: median(runs), unit: 'ms' },
  ];
}

/** Writes a feed of this many products with a photo each. Returns its path. */
export async function writeFeed(folder: string, photos: PhotoSource, images: number): Promise<string> {
  await mkdir(folder, { recursive: true });
  const products = [];
  for (let n = 0; n < images; n++) {
    await writeFile(join(folder, `${n}.jpg`), await photos.jpeg(5000 + n));
    products.push({
      id: `new-${n}`,
      title: `New product ${n}`,
      image: `${n}.jpg`,
      price: n,
      category: 'dress',
    });
  }
  const feed = join(folder, 'feed.json');
  await writeFile(feed, JSON.stringify({ version: 1, products }));
  return feed;
}

/** Milliseconds of core time to read one catalog picture and to make its colours, several at a time as in an import. */
async function readCost({ model, photos }: Setting): Promise<number> {
  const pictures = await Promise.all(Array.from({ length: 32 }, (_, n) => photos.jpeg(5000 + n)));
  return coreTime(32, async () => {
    await Promise.all(
      pictures.map(async (bytes) => {
        const { pixels, thumbnail } = await readForCatalog(bytes, model.entry.image);
        colorSignature(pixels, model.entry.image.size);
        await catalogSubjectColors(thumbnail);
      }),
    );
  });
}

/** Milliseconds of core time to embed one picture, in the batches of bulk work. */
export async function encodeCost({ model }: Setting): Promise<number> {
  const run = await bareModel(model, BATCH);
  await run();
  const batches = 8;
  return coreTime(batches * BATCH, async () => {
    for (let n = 0; n < batches; n++) await run();
  });
}

/** Milliseconds of processor time per item, over all cores. */
export async function coreTime(items: number, work: () => Promise<void>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / items;
}
