import { execFile } from 'node:child_process';
import { mkdir, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { z } from 'zod';
import { loadOnnxRuntime } from '../electron/engine/model/onnx-runtime.ts';
import { sessionOptions } from '../electron/engine/model/session.ts';
import { type Figure, median } from './figures.ts';
import { STARTER } from './model.ts';
import type { Setting } from './setting.ts';
import { deriveVit, type VitShape } from './vit-shapes.ts';

const ROUNDS = 15;
const BATCH = 8;
const PAUSE_MS = 60;

/** The shapes of the models in models/manifest.json. FashionSigLIP has another end, which is a thousandth of the work. */
const SHAPES: Record<string, VitShape> = {
  'ViT-B/32, 8-bit': { patch: 32, size: 224, bits: 8 },
  'ViT-B/16': { patch: 16, size: 224, bits: 32 },
  'ViT-B/16, 8-bit': { patch: 16, size: 224, bits: 8 },
  'ViT-B/16, 4-bit': { patch: 16, size: 224, bits: 4 },
  'ViT-B/16 at 256, 8-bit': { patch: 16, size: 256, bits: 8 },
};

/** A graph to time, and the size of its picture. */
interface Timed {
  name: string;
  file: string;
  size: number;
}

/**
 * Measures what a shop's PC should expect of the models that can be installed, on graphs of their shapes with random weights:
 * one picture, eight together, loading, and memory. The runs of all shapes alternate. Processor time is given beside the
 * time that passed: other work on the machine changes it less.
 */
export async function measureModels({ model }: Setting): Promise<Figure[]> {
  const { entry, folder } = model;
  const full = { name: entry.name, file: join(folder, entry.image.file), size: entry.image.size };
  const all = [full, ...(entry.id === STARTER ? [] : await derived(folder))];
  return [
    ...(await runs(all, 1, ROUNDS)),
    ...(await runs(all, BATCH, Math.ceil(ROUNDS / BATCH))),
    ...(await loads(all)),
  ];
}

/** Derives the shapes once and keeps them in the user's cache. */
async function derived(source: string): Promise<Timed[]> {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lookalike', 'bench', 'shapes');
  await mkdir(cache, { recursive: true });
  const timed: Timed[] = [];
  for (const [name, shape] of Object.entries(SHAPES)) {
    const file = join(cache, `b${shape.patch}-${shape.size}-${shape.bits}.onnx`);
    if (!(await stat(file).catch(() => null))) await deriveVit(source, shape, file);
    timed.push({ name, file, size: shape.size });
  }
  return timed;
}

async function runs(all: readonly Timed[], batch: number, rounds: number): Promise<Figure[]> {
  const ready = await Promise.all(all.map((timed) => open(timed, batch)));
  const spent = ready.map(() => ({ passed: [] as number[], processor: [] as number[] }));
  for (let round = -1; round < rounds; round++) {
    for (const [i, { run }] of ready.entries()) {
      await sleep(PAUSE_MS);
      const before = process.cpuUsage();
      const began = performance.now();
      await run();
      const passed = performance.now() - began;
      const { user, system } = process.cpuUsage(before);
      if (round < 0) continue;
      spent[i]?.passed.push(passed / batch);
      spent[i]?.processor.push((user + system) / 1000 / batch);
    }
  }
  for (const { close } of ready) await close();
  const together = batch === 1 ? 'one picture' : `each of ${batch} together`;
  return all.flatMap(({ name }, i): Figure[] => {
    const { passed = [], processor = [] } = spent[i] ?? {};
    return [
      { name: `${name}: ${together}`, value: median(passed), unit: 'ms' },
      { name: `${name}: ${together}, processor time, least`, value: Math.min(...processor), unit: 'ms' },
    ];
  });
}

async function open({ file, size }: Timed, batch: number) {
  const { InferenceSession, Tensor } = await loadOnnxRuntime();
  const session = await InferenceSession.create(file, sessionOptions('cpu'));
  const data = Float32Array.from({ length: batch * 3 * size * size }, () => Math.random() * 2 - 1);
  const pixels = new Tensor('float32', data, [batch, 3, size, size]);
  return { run: () => session.run({ pixel_values: pixels }), close: () => session.release() };
}

const loaded = z.object({ ms: z.number(), bytes: z.number() });

/** Loads each in a process of its own, which then runs it a few times and tells its memory. */
async function loads(all: readonly Timed[]): Promise<Figure[]> {
  const figures: Figure[] = [];
  for (const timed of all) {
    const { stdout } = await promisify(execFile)(process.execPath, [
      import.meta.filename,
      JSON.stringify(timed),
    ]);
    const { ms, bytes } = loaded.parse(JSON.parse(stdout));
    figures.push(
      { name: `${timed.name}: loading`, value: ms, unit: 'ms' },
      { name: `${timed.name}: memory of a process that has run it`, value: bytes / 1e6, unit: 'MB' },
    );
  }
  return figures;
}

if (process.argv[1] === import.meta.filename) {
  const timed = z
    .object({ name: z.string(), file: z.string(), size: z.number() })
    .parse(JSON.parse(process.argv[2] ?? ''));
  const began = performance.now();
  const { run } = await open(timed, 1);
  const ms = performance.now() - began;
  for (let n = 0; n < 5; n++) await run();
  console.log(JSON.stringify({ ms, bytes: process.memoryUsage().rss }));
}
