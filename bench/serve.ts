import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { z } from 'zod';
import { bareModel } from './bare-model.ts';
import { type BenchEngine, startEngine } from './engine.ts';
import { type Figure, median, quantile } from './figures.ts';
import type { PhotoSource } from './photos.ts';
import { type ClientOrder, clientResult } from './serve-client.ts';
import type { Setting } from './setting.ts';

const ALONE = 40;
const WARM_UP = 5;
const CLIENTS = 16;
const TOGETHER = 192;
const BARE_RUNS = 60;
const PAUSE_MS = 50;
/** The window's own queries while the clients ask. */
const WINDOW_EVERY_MS = 400;

/** Measures the local server from another process: one client against the contract's channel, and many against the model. */
export async function measureServe({ model, photos, scratch, dataDir }: Setting): Promise<Figure[]> {
  await using engine = await startEngine(dataDir, model);
  await engine.ask.calibrate();
  const { url, token } = await engine.ask.serve();
  const child = fork(join(import.meta.dirname, 'serve-client.ts'));
  try {
    const folder = join(scratch, 'serve');
    await mkdir(folder);
    const ask = (files: string[], clients: number) => send(child, { url, token, files, clients });
    const alone = await measureAlone(engine, photos, folder, ask);
    const bare = await bareModel(model, 1);
    return [...alone, ...(await measureTogether(engine, photos, folder, bare, ask))];
  } finally {
    child.disconnect();
  }
}

type Asked = z.infer<typeof clientResult>;
type Ask = (files: string[], clients: number) => Promise<Asked>;

async function send(child: ChildProcess, order: ClientOrder): Promise<Asked> {
  const answered = once(child, 'message');
  child.send(order);
  const [message]: unknown[] = await answered;
  return clientResult.parse(message);
}

/** Alternates both ways, with a new photo each. */
async function measureAlone(
  engine: BenchEngine,
  photos: PhotoSource,
  folder: string,
  ask: Ask,
): Promise<Figure[]> {
  const [port, http, decoding]: number[][] = [[], [], []];
  for (let n = -WARM_UP; n < ALONE; n++) {
    const [file = ''] = await writePhotos(photos, folder, 20_000 + n, 1);
    const bytes = await photos.jpeg(30_000 + n);
    await sleep(PAUSE_MS);
    const overPort = await timed(() =>
      engine.ask.search({ query: { kind: 'photo', photo: { bytes } }, limit: 12 }),
    );
    await sleep(PAUSE_MS);
    const { ms } = await ask([file], 1);
    const body = JSON.stringify({ image: (await readFile(file)).toString('base64') });
    const read = await timed(async () => Buffer.from(JSON.parse(body).image, 'base64'));
    if (n < 0) continue;
    port?.push(overPort);
    http?.push(...ms);
    decoding?.push(read);
  }
  const [overPort, overHttp, base64] = [median(port ?? []), median(http ?? []), median(decoding ?? [])];
  return [
    {
      name: 'find-similar over HTTP',
      value: overHttp,
      unit: 'ms',
      baseline: { name: 'over the channel', value: overPort },
    },
    { name: '  of which base64 in JSON', value: base64, unit: 'ms' },
    {
      name: '  more than the channel, base64 apart',
      value: overHttp - overPort - base64,
      unit: 'ms',
      target: { atMost: 3 },
    },
  ];
}

async function measureTogether(
  engine: BenchEngine,
  photos: PhotoSource,
  folder: string,
  bare: () => Promise<void>,
  ask: Ask,
): Promise<Figure[]> {
  const files = await writePhotos(photos, folder, 40_000, TOGETHER);
  const ofBare = process.cpuUsage();
  const before = await bareThroughput(bare);
  const { user, system } = process.cpuUsage(ofBare);
  let asking = true;
  const window: number[] = [];
  const asWindow = async () => {
    for (let n = 0; asking; n++) {
      const bytes = await photos.jpeg(50_000 + n);
      window.push(await timed(() => engine.ask.search({ query: { kind: 'photo', photo: { bytes } } })));
      await sleep(WINDOW_EVERY_MS);
    }
  };
  const half = files.splice(0, TOGETHER / 2);
  const cpuBefore = await engine.ask.cpu();
  const { ms, seconds } = await ask(half, CLIENTS);
  const cpu = (await engine.ask.cpu()) - cpuBefore;
  const after = await bareThroughput(bare);
  const windows = asWindow();
  await ask(files, CLIENTS);
  asking = false;
  await windows;
  const baseline = { name: 'bare session.run', value: (before + after) / 2 };
  return [
    {
      name: `${CLIENTS} clients at once`,
      value: ms.length / seconds,
      unit: 'photos/s',
      baseline,
      target: { atLeast: 0.9 },
    },
    {
      // Beside other work this says more than the wall clock.
      name: '  core time a photo, server and engine',
      value: cpu / ms.length,
      unit: 'ms',
      baseline: { name: 'of a bare run', value: (user + system) / 1000 / (BARE_RUNS + 1) },
    },
    { name: '  median', value: median(ms), unit: 'ms' },
    { name: '  p99', value: quantile(ms, 0.99), unit: 'ms' },
    { name: '  a query of the window meanwhile', value: median(window), unit: 'ms' },
    { name: '  the same, p95', value: quantile(window, 0.95), unit: 'ms' },
  ];
}

async function bareThroughput(bare: () => Promise<void>): Promise<number> {
  await bare();
  const ms = await timed(async () => {
    for (let n = 0; n < BARE_RUNS; n++) await bare();
  });
  return (BARE_RUNS * 1000) / ms;
}

async function writePhotos(
  photos: PhotoSource,
  folder: string,
  seed: number,
  count: number,
): Promise<string[]> {
  const files: string[] = [];
  for (let n = 0; n < count; n++) {
    const file = join(folder, `${seed + n}.jpg`);
    await writeFile(file, await photos.jpeg(seed + n));
    files.push(file);
  }
  return files;
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
