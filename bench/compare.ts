import { cp, mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { connect } from '@lancedb/lancedb';
import type { Engine } from '../electron/engine/engine.ts';
import { colorSignature } from '../electron/engine/images/color.ts';
import { readAndShow } from '../electron/engine/images/photo.ts';
import { catalogSubjectColors } from '../electron/engine/images/subject-colors.ts';
import { openEngine } from '../electron/engine/open-engine.ts';
import type { PilePhoto } from '../electron/engine/search/pile-photo.ts';
import { type Figure, median, quantile } from './figures.ts';
import { coreTime, encodeCost } from './import.ts';
import { LARGE, measureLarge } from './large-document.ts';
import type { Setting } from './setting.ts';
import { measureWorkbook } from './workbook.ts';

const PICTURES = 480;
const REPEATS = 2;
const RANKED = 600;
const EMBEDDED = 24;
const DECISIONS = 300;

/** A pile of pictures against 10,000 products: the run, its ranking alone, decisions, and opening a large document. */
export async function measureCompare(setting: Setting): Promise<Figure[]> {
  const { model, scratch } = setting;
  const dataDir = join(scratch, 'compare');
  await cp(setting.dataDir, dataDir, { recursive: true });
  const engine = await openEngine({
    dataDir,
    modelRoots: [model.root],
    modelId: model.entry.id,
    sampleFeed: join(scratch, 'none.json'),
  });
  try {
    await engine.calibrate();
    return [
      ...(await measureRun(engine, setting)),
      ...(await measureRanking(engine, setting)),
      ...(await measureDecisions(engine)),
      ...(await measureLarge(scratch)),
      ...(await measureWorkbook(setting)),
      ...(await measureLance(scratch)),
    ];
  } finally {
    await engine.close();
  }
}

async function measureRun({ comparisons }: Engine, setting: Setting): Promise<Figure[]> {
  const { photos, scratch } = setting;
  const pile = join(scratch, 'pile');
  await mkdir(pile, { recursive: true });
  for (let n = 0; n < PICTURES; n++) await writeFile(join(pile, `${n}.jpg`), await photos.jpeg(9000 + n));
  const [rates, reads, runs, whole]: [number[], number[], number[], number[]] = [[], [], [], []];
  for (let n = 0; n < REPEATS; n++) {
    reads.push(await readCost(setting));
    runs.push(await encodeCost(setting));
    const { id } = await comparisons.create({ paths: [pile], pictures: [], competitor: null });
    const began = performance.now();
    const cost = await coreTime(PICTURES, async () => {
      await comparisons.run({ id, failed: false, again: false });
      await comparisons.ended(id);
    });
    whole.push(cost);
    const seconds = (performance.now() - began) / 1000;
    const { comparison } = await comparisons.state(id);
    if (comparison.counts.answered !== PICTURES) throw new Error(`${comparison.counts.answered} compared.`);
    rates.push(PICTURES / seconds);
  }
  const cores = availableParallelism();
  const limit = (1000 * cores) / (median(reads) + median(runs));
  return [
    {
      name: `comparison of ${PICTURES}`,
      value: Math.max(...rates),
      unit: 'images/s',
      baseline: { name: `limit on ${cores} cores`, value: limit },
      target: { atLeast: 0.85 },
    },
    {
      name: '  core time of the whole run',
      value: median(whole),
      unit: 'ms',
      baseline: { name: 'its parts', value: median(reads) + median(runs) },
    },
    { name: '  core time: decode + two pictures + colours', value: median(reads), unit: 'ms' },
    { name: '  core time: encode', value: median(runs), unit: 'ms' },
  ];
}

async function readCost({ model, photos }: Setting): Promise<number> {
  const pictures = await Promise.all(Array.from({ length: 32 }, (_, n) => photos.jpeg(9000 + n)));
  return coreTime(32, async () => {
    await Promise.all(
      pictures.map(async (bytes) => {
        const { pixels, thumbnail } = await readAndShow(bytes, model.entry.image);
        colorSignature(pixels, model.entry.image.size);
        await catalogSubjectColors(thumbnail.bytes);
      }),
    );
  });
}

async function measureRanking(engine: Engine, { photos }: Setting): Promise<Figure[]> {
  const { answering } = engine.modelInUse;
  using snapshot = await engine.catalog.searchable();
  if (!snapshot) throw new Error('The catalog is empty.');
  return answering.using(async (search) => {
    const pile: PilePhoto[] = [];
    for (let n = 0; n < EMBEDDED; n++) pile.push(await search.embedInBulk(await photos.jpeg(9000 + n)));
    const rank = async (count: number) => {
      for (let n = 0; n < count; n++) {
        const photo = pile[n % pile.length];
        if (photo) await search.rankInBulk(photo, snapshot, LARGE.candidates);
      }
    };
    await rank(EMBEDDED);
    const began = performance.now();
    const cost = await coreTime(RANKED, () => rank(RANKED));
    const value = (1000 * RANKED) / (performance.now() - began);
    return [
      { name: '  ranking alone', value, unit: 'images/s', target: { atLeast: 500 } },
      { name: '  core time: ranking', value: cost, unit: 'ms' },
    ];
  });
}

async function measureDecisions({ comparisons }: Engine): Promise<Figure[]> {
  const [first] = await comparisons.list();
  if (!first) throw new Error('Nothing was compared.');
  const { id } = first;
  const { rows } = await comparisons.order({ id, filters: {}, sort: 'row' });
  const times: number[] = [];
  for (const row of rows.slice(0, DECISIONS)) {
    const began = performance.now();
    await comparisons.decide({ id, rows: [row], match: 'same' });
    times.push(performance.now() - began);
  }
  return [
    { name: `decision saved, median of ${times.length}`, value: median(times), unit: 'ms' },
    { name: '  p95', value: quantile(times, 0.95), unit: 'ms', target: { atMost: 20 } },
  ];
}

/** The same decisions in a Lance table alone, a row for each row of the document. */
async function measureLance(scratch: string): Promise<Figure[]> {
  const db = await connect(join(scratch, 'lance-alone'));
  const data = Array.from({ length: LARGE.rows }, (_, row) => ({ row, match: 'undecided', product: '' }));
  const table = await db.createTable('decisions', data);
  const times: number[] = [];
  for (let n = 0; n < 100; n++) {
    const began = performance.now();
    await table
      .mergeInsert('row')
      .whenMatchedUpdateAll()
      .execute([{ row: n, match: 'same', product: `shop/p${n}` }]);
    times.push(performance.now() - began);
  }
  table.close();
  db.close();
  return [
    { name: 'decision saved by Lance alone, median of 100', value: median(times), unit: 'ms' },
    { name: '  p95', value: quantile(times, 0.95), unit: 'ms' },
  ];
}
