import { cp, mkdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ImportProgress } from '../electron/contract/publishing.ts';
import { type BenchEngine, startEngine, timedQuery } from './engine.ts';
import { type Figure, median, quantile } from './figures.ts';
import { writeFeed } from './import.ts';
import type { PhotoSource } from './photos.ts';
import type { Setting } from './setting.ts';

const QUERIES = 60;
const PAUSE_MS = 250;
/** More than are embedded during the queries. */
const IMAGES = 600;
const COMPARED = 900;

/** Compares the same stream of queries with and without an import in the same engine. */
export async function measureBusy({ model, photos, scratch, dataDir }: Setting): Promise<Figure[]> {
  const copy = join(scratch, 'busy');
  await cp(dataDir, copy, { recursive: true });
  const path = await writeFeed(join(scratch, 'busy-feed'), photos, IMAGES);
  await using engine = await startEngine(copy, model);
  // The feed replaces the whole catalog, which a sync does only when confirmed.
  const request = { source: { kind: 'file', path }, confirmRemovals: true } as const;
  // Awaited here, because the engine is closed when this function returns.
  return await besides('an import', engine, photos, (signal) => engine.ask.sync(request, { signal }));
}

/** Compares the same streams while another model of the same size embeds the whole catalog. */
export async function measureSwitch({ model, photos, scratch, dataDir }: Setting): Promise<Figure[]> {
  const copy = join(scratch, 'switch');
  await cp(dataDir, copy, { recursive: true });
  const id = `${model.entry.id}-again`;
  const root = join(scratch, 'switch-models');
  await mkdir(root);
  for (const name of [model.entry.id, id]) await symlink(model.folder, join(root, name));
  const models = [model.entry, { ...model.entry, id }];
  await writeFile(join(root, 'manifest.json'), JSON.stringify({ formatVersion: 1, models }));
  await using engine = await startEngine(copy, { ...model, root });
  const figures = await besides('a switch', engine, photos, (signal) =>
    engine.ask.useModel({ id }, { signal }),
  );
  return [
    ...figures,
    { name: '  memory with both models', value: (await engine.ask.memory()) / 1e6, unit: 'MB' },
  ];
}

/** Compares the same stream of queries with and without a comparison of a pile of pictures in the same engine. */
export async function measureBusyCompare({ model, photos, scratch, dataDir }: Setting): Promise<Figure[]> {
  const copy = join(scratch, 'busy-compare');
  await cp(dataDir, copy, { recursive: true });
  const pile = join(scratch, 'busy-pile');
  await mkdir(pile);
  for (let n = 0; n < COMPARED; n++) await writeFile(join(pile, `${n}.jpg`), await photos.jpeg(60_000 + n));
  await using engine = await startEngine(copy, model);
  const { id } = await engine.ask.createComparison({ paths: [pile] });
  return await besides('a comparison', engine, photos, (signal) => compared(engine, id, signal));
}

/** The run of a comparison, which ends with the signal. */
async function compared({ ask }: BenchEngine, id: string, signal: AbortSignal): Promise<AsyncIterable<Step>> {
  await ask.runComparison({ id });
  const states = await ask.watchComparison({ id }, { signal });
  return (async function* () {
    try {
      for await (const { progress, comparison } of states) {
        if (progress === null) return;
        yield { phase: 'embedding', done: comparison.counts.answered };
      }
    } finally {
      await ask.stopComparison({ id });
    }
  })();
}

/** How far some work is. */
type Step = Pick<ImportProgress, 'phase' | 'done'>;

/** Measures queries during other work of the engine, which must last longer than the queries. */
async function besides(
  what: string,
  engine: BenchEngine,
  photos: PhotoSource,
  work: (signal: AbortSignal) => Promise<AsyncIterable<Step>>,
): Promise<Figure[]> {
  await queryStream(engine, photos, 20_000, 5);
  const idle = await queryStream(engine, photos, 30_000, QUERIES);

  const cancel = new AbortController();
  const steps = await work(cancel.signal);
  let done = 0;
  const working = (async () => {
    for await (const progress of steps) if (progress.phase === 'embedding') done = progress.done;
    return 'finished';
  })().catch(() => 'cancelled');
  while (done === 0) await sleep(50);
  const [doneBefore, began] = [done, performance.now()];
  const busy = await queryStream(engine, photos, 40_000, QUERIES);
  const rate = (done - doneBefore) / ((performance.now() - began) / 1000);
  cancel.abort();
  if ((await working) === 'finished') throw new Error(`It ended before the queries beside ${what} did.`);

  const p95 = { name: 'idle', value: quantile(idle, 0.95) };
  return [
    {
      name: `query during ${what}`,
      value: median(busy),
      unit: 'ms',
      baseline: { name: 'idle', value: median(idle) },
    },
    {
      name: `query during ${what}, p95`,
      value: quantile(busy, 0.95),
      unit: 'ms',
      baseline: p95,
      target: { atMost: 2.5 },
    },
    { name: `  ${what} meanwhile`, value: rate, unit: 'images/s' },
  ];
}

/** New photos one after the other, with a pause after each answer. Returns the milliseconds of each. */
async function queryStream(
  engine: BenchEngine,
  photos: PhotoSource,
  firstSeed: number,
  count: number,
): Promise<number[]> {
  const pictures = [];
  for (let n = 0; n < count; n++) pictures.push(await photos.jpeg(firstSeed + n));
  const times: number[] = [];
  for (const bytes of pictures) {
    times.push((await timedQuery(engine, bytes)).ms);
    await sleep(PAUSE_MS);
  }
  return times;
}
