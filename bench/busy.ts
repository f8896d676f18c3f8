import { cp } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type BenchEngine, startEngine, timedQuery } from './engine.ts';
import { type Figure, median, quantile } from './figures.ts';
import { writeFeed } from './import.ts';
import type { PhotoSource } from './photos.ts';
import type { Setting } from './setting.ts';

const QUERIES = 60;
const PAUSE_MS = 250;
/** More than are embedded while the queries last. */
const IMAGES = 600;

/** The same stream of queries, once with nothing else to do and once while an import runs in the same engine. */
export async function measureBusy({ model, photos, scratch, dataDir }: Setting): Promise<Figure[]> {
  const copy = join(scratch, 'busy');
  await cp(dataDir, copy, { recursive: true });
  const path = await writeFeed(join(scratch, 'busy-feed'), photos, IMAGES);
  await using engine = await startEngine(copy, model);
  await queryStream(engine, photos, 20_000, 5);
  const idle = await queryStream(engine, photos, 30_000, QUERIES);

  const cancel = new AbortController();
  const steps = await engine.ask.sync(
    // The feed replaces the whole catalog, which is more than a sync does unasked.
    { source: { kind: 'file', path }, confirmRemovals: true },
    { signal: cancel.signal },
  );
  let done = 0;
  const importing = (async () => {
    for await (const progress of steps) if (progress.phase === 'embedding') done = progress.done;
    return 'finished';
  })().catch(() => 'cancelled');
  while (done === 0) await sleep(50);
  const [doneBefore, began] = [done, performance.now()];
  const busy = await queryStream(engine, photos, 40_000, QUERIES);
  const rate = (done - doneBefore) / ((performance.now() - began) / 1000);
  cancel.abort();
  if ((await importing) === 'finished') throw new Error('The import ended before the queries did.');

  const p95 = { name: 'idle', value: quantile(idle, 0.95) };
  return [
    {
      name: 'query during an import',
      value: median(busy),
      unit: 'ms',
      baseline: { name: 'idle', value: median(idle) },
    },
    {
      name: 'query during an import, p95',
      value: quantile(busy, 0.95),
      unit: 'ms',
      baseline: p95,
      target: { atMost: 2.5 },
    },
    { name: '  the import meanwhile', value: rate, unit: 'images/s' },
  ];
}

/** New photos one after the other, with a pause after each answer; milliseconds of each. */
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
