import { existsSync } from 'node:fs';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { installedSubjectModels } from '../electron/engine/model/files.ts';
import { openEngine } from '../electron/engine/open-engine.ts';
import { bareModel } from './bare-model.ts';
import { startEngine } from './engine.ts';
import { type Figure, median, quantile } from './figures.ts';
import { type BenchModel, starterModel } from './model.ts';
import type { Setting } from './setting.ts';
import { DrivenApp } from './soak/driven-app.ts';

const REPOSITORY = path.resolve(import.meta.dirname, '..');
const SAMPLE = path.join(REPOSITORY, 'resources/sample-catalog');
/** Each photo is dropped so many times, each time as another file. */
const ROUNDS = 3;
const WARM_UP = 3;
/** ONNX Runtime's threads spin after a run, and must not slow down what is measured next. */
const PAUSE_MS = 150;

/** When something was on the screen, in milliseconds since the drop. */
interface Waits {
  first: number;
  final: number;
}

/**
 * Measures what a person waits for: in the built app's window, from the drop of a customer's photo to the first painted
 * results, and to the final ones. Bare runs of the model alternate with the drops. The same photos are then asked through the
 * contract, as the page asks them, of an engine in another process, which decodes natively.
 */
export async function measureDrop({ model, scratch }: Setting): Promise<Figure[]> {
  if (!existsSync(path.join(REPOSITORY, 'dist/main.js'))) throw new Error('Run "npm run build" first.');
  const starter = await starterModel();
  const figures: Figure[] = [];
  for (const each of model.entry.id === starter.entry.id ? [starter] : [starter, model]) {
    const dataDir = path.join(scratch, `drop-${each.entry.id}`);
    const local = { ...each, root: await importSample(dataDir, each) };
    figures.push(...(await dropsInWindow(dataDir, local)), ...(await askedByContract(dataDir, local)));
  }
  return figures;
}

/** Imports and calibrates the sample catalog with a model, which lies in the data folder, where the app finds it. */
export async function importSample(dataDir: string, { entry, folder }: BenchModel): Promise<string> {
  const root = path.join(dataDir, 'models');
  await mkdir(root, { recursive: true });
  const subjects = await installedSubjectModels([path.join(REPOSITORY, 'models')]);
  const models = [{ entry, folder }, ...subjects];
  for (const each of models) await symlink(each.folder, path.join(root, each.entry.id));
  const manifest = { formatVersion: 1, models: models.map((each) => each.entry) };
  await writeFile(path.join(root, 'manifest.json'), JSON.stringify(manifest));
  const engine = await openEngine({
    dataDir,
    modelRoots: [root],
    sampleFeed: path.join(SAMPLE, 'feed.json'),
    modelId: entry.id,
  });
  const steps = engine.publisher.sync({ source: { kind: 'sample' } }, new AbortController().signal);
  while (!(await steps.next()).done);
  await engine.calibrate();
  await engine.close();
  return root;
}

async function dropsInWindow(dataDir: string, model: BenchModel): Promise<Figure[]> {
  const run = await bareModel(model, 1);
  const photos = await SamplePhotos.open(dataDir);
  const app = await DrivenApp.start(REPOSITORY, dataDir);
  const waits: Waits[] = [];
  const bare: number[] = [];
  try {
    await app.until(`document.querySelector('h1')?.checkVisibility()`);
    await app.evaluate(PROBE);
    for (let n = -WARM_UP; n < photos.count * ROUNDS; n++) {
      const file = await photos.file(n + WARM_UP);
      await sleep(PAUSE_MS);
      const alone = await timed(run);
      await sleep(PAUSE_MS);
      await app.drop(file);
      await app.until('window.waits?.final');
      const waited = measured.parse(await app.evaluate('window.waits'));
      await app.evaluate(`document.querySelector('[aria-label="Clear photo"]').click()`);
      await app.until(`document.querySelector('.start')`);
      if (n < 0) continue;
      bare.push(alone);
      waits.push(waited);
    }
  } finally {
    await app.close();
  }
  return figuresOf(`${model.entry.id}: drop to`, waits, bare);
}

/** As the page asks: first with all of the photo, then with the crop that the engine proposes. */
async function askedByContract(dataDir: string, model: BenchModel): Promise<Figure[]> {
  const run = await bareModel(model, 1);
  const photos = await SamplePhotos.open(dataDir);
  await using engine = await startEngine(dataDir, model);
  await engine.ask.calibrate();
  const waits: Waits[] = [];
  const bare: number[] = [];
  for (let n = -WARM_UP; n < photos.count * ROUNDS; n++) {
    const bytes = new Uint8Array(await photos.bytes(n + WARM_UP));
    await sleep(PAUSE_MS);
    const alone = await timed(run);
    await sleep(PAUSE_MS);
    const began = performance.now();
    const query = { kind: 'photo', photo: { bytes } } as const;
    await engine.ask.search({ query, limit: LIMIT });
    const first = performance.now() - began;
    await engine.ask.search({ query: { ...query, crop: 'auto' }, limit: LIMIT });
    const final = performance.now() - began;
    if (n < 0) continue;
    bare.push(alone);
    waits.push({ first, final });
  }
  return figuresOf(`${model.entry.id}: contract, natively decoded,`, waits, bare);
}

/** As many as the page asks for. */
const LIMIT = 200;

function figuresOf(name: string, waits: readonly Waits[], bare: readonly number[]): Figure[] {
  const baseline = { name: 'bare session.run', value: median(bare) };
  return (['first', 'final'] as const).flatMap((which): Figure[] => {
    const all = waits.map((each) => each[which]);
    const results = `${name} ${which} results`;
    return [
      { name: results, value: median(all), unit: 'ms', baseline },
      { name: `${results}, p95`, value: quantile(all, 0.95), unit: 'ms' },
    ];
  });
}

/** The sample catalog's customer photos. Each time, a photo is another file, so that no answer is remembered. */
class SamplePhotos {
  readonly #folder: string;
  readonly #files: readonly string[];

  private constructor(folder: string, files: readonly string[]) {
    this.#folder = folder;
    this.#files = files;
  }

  /** @param dataDir where files are written */
  static async open(dataDir: string): Promise<SamplePhotos> {
    const folder = path.join(SAMPLE, 'queries');
    const listed = await readFile(path.join(folder, 'queries.json'), 'utf8');
    const queries = z.array(z.object({ file: z.string() })).parse(JSON.parse(listed));
    const written = path.join(dataDir, 'dropped');
    await mkdir(written, { recursive: true });
    return new SamplePhotos(
      written,
      queries.map(({ file }) => path.join(folder, file)),
    );
  }

  get count(): number {
    return this.#files.length;
  }

  /** The photo with this number, with a JPEG comment that no other has. */
  async bytes(n: number): Promise<Buffer> {
    const original = await readFile(this.#files[n % this.count] ?? '');
    const comment = Buffer.alloc(8, Buffer.from([0xff, 0xfe, 0, 6]));
    comment.writeUInt32BE(n, 4);
    return Buffer.concat([original.subarray(0, 2), comment, original.subarray(2)]);
  }

  async file(n: number): Promise<string> {
    const file = path.join(this.#folder, `photo-${n}.jpg`);
    await writeFile(file, await this.bytes(n));
    return file;
  }
}

const measured = z.object({ first: z.number(), final: z.number() });

/**
 * Runs in the page, and notes in `window.waits` when results were painted: a task that a frame's callback has queued runs after
 * the frame was painted. The final results are there when the grid is no longer busy.
 */
const PROBE = `addEventListener('drop', () => {
  const began = performance.now();
  const waits = (window.waits = { first: 0, final: 0 });
  const painted = new MessageChannel();
  painted.port1.onmessage = ({ data }) => {
    if (!waits[data]) waits[data] = performance.now() - began;
  };
  const look = () => {
    const pictures = [...document.querySelectorAll('[role=gridcell] img')];
    const shown = pictures.length > 0 && pictures.every((each) => each.complete);
    if (shown) painted.port2.postMessage('first');
    if (shown && document.querySelector('[role=grid][aria-busy=false]')) painted.port2.postMessage('final');
    if (!waits.final) requestAnimationFrame(look);
  };
  requestAnimationFrame(look);
}, true)`;

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
