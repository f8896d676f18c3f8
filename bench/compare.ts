import { cp, mkdir, stat, writeFile } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { connect } from '@lancedb/lancedb';
import { Document } from '../electron/engine/compare/document.ts';
import type { Entry, KeptProduct } from '../electron/engine/compare/entries.ts';
import { orderOf, shownRow } from '../electron/engine/compare/rows.ts';
import { type Engine, openEngine } from '../electron/engine/engine.ts';
import { colorSignature } from '../electron/engine/images/color.ts';
import { readAndShow } from '../electron/engine/images/photo.ts';
import { catalogSubjectColors } from '../electron/engine/images/subject-colors.ts';
import type { PilePhoto } from '../electron/engine/search/pile-photo.ts';
import { type Figure, median, quantile } from './figures.ts';
import { coreTime, encodeCost } from './import.ts';
import { seeded } from './random.ts';
import type { Setting } from './setting.ts';

const PICTURES = 480;
const REPEATS = 2;
const RANKED = 600;
const EMBEDDED = 24;
const DECISIONS = 300;
/** The document that must open in a second. */
const LARGE = { rows: 5000, products: 10_000, candidates: 12 } as const;

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

/** A document of 5,000 rows, opened until its order and first page are there. */
async function measureLarge(scratch: string): Promise<Figure[]> {
  const folder = join(scratch, 'large');
  const document = await Document.create(folder, async () => largeEntries());
  await document.close();
  const times: number[] = [];
  for (let n = 0; n < 5; n++) {
    const began = performance.now();
    const { state } = await Document.open(folder);
    const { rows } = orderOf(state, {}, 'leastSure', null);
    for (const number of rows.slice(0, 60)) {
      const row = state.rows.get(number);
      if (row) shownRow(row, state);
    }
    times.push(performance.now() - began);
  }
  const megabytes = (await stat(join(folder, 'journal.jsonl'))).size / 1e6;
  return [
    { name: `open ${LARGE.rows} rows`, value: median(times), unit: 'ms', target: { atMost: 1000 } },
    { name: '  its journal', value: megabytes, unit: 'MB' },
  ];
}

function largeEntries(): Entry[] {
  const random = seeded(3);
  const at = new Date(0).toISOString();
  const begin: Entry = {
    kind: 'begin',
    version: 1,
    name: 'Large',
    competitor: null,
    createdAt: at,
    sources: [],
  };
  const products = Array.from(
    { length: LARGE.products },
    (_, n): Entry => ({ kind: 'product', product: productOf(n) }),
  );
  const rows = Array.from({ length: LARGE.rows }, (_, n): Entry[] => {
    const candidates = Array.from({ length: LARGE.candidates }, () => {
      const product = Math.floor(random() * LARGE.products);
      return [`shop/p${product}`, hashOf(product), random(), 'similar'] as [
        string,
        string,
        number,
        'similar',
      ];
    });
    const picture = {
      ...{ hash: hashOf(n), width: 800, height: 1000, type: 'image/jpeg' },
      ...{ thumbnail: [0, 1] as [number, number], large: [0, 1] as [number, number] },
      features: [0, 1] as [number, number],
    };
    const row = n + 1;
    return [
      { kind: 'row', row, source: 0, at: `harrow/${n}.jpg` },
      { kind: 'compared', row, picture, answer: { candidates, probability: random(), crop: null }, at },
    ];
  });
  return [begin, ...products, ...rows.flat()];
}

const hashOf = (n: number): string => n.toString(16).padStart(64, '0');

function productOf(n: number): KeptProduct {
  return {
    ...{ uid: `shop/p${n}`, source: 'shop', styleId: `shop/s${n}`, styleSku: `4${n}`, productId: `p${n}` },
    ...{ sku: `4${n}-M`, title: `Breton tee number ${n} in organic cotton`, category: 'Tees', brand: 'Own' },
    ...{
      color: 'navy',
      price: 39.95,
      currency: 'EUR',
      availability: 'in stock',
      url: `https://shop.example/${n}`,
    },
  };
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
