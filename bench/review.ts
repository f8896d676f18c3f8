import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';
import { openEngine } from '../electron/engine/open-engine.ts';
import { importSample } from './drop.ts';
import { type Figure, median, quantile } from './figures.ts';
import { STARTER, starterModel } from './model.ts';
import type { Setting } from './setting.ts';
import { DrivenApp } from './soak/driven-app.ts';

const REPOSITORY = path.resolve(import.meta.dirname, '..');
const SAMPLE = path.join(REPOSITORY, 'resources/sample-catalog');
const DECISIONS = 300;
/** Mostly what a buyer presses most; all the others now and then. */
const KEYS = ['a', 'a', 'e', 'a', 'x', 'a', 's', 'a', ' ', 'a'];
/** No command has it. Between the decisions it tells how fast this machine paints a frame in which nothing changes. */
const NO_KEY = 'q';
const MATCHES: Record<string, string> = {
  a: 'same',
  e: 'equivalent',
  s: 'similar',
  x: 'none',
  ' ': 'unsure',
};

/**
 * Measures what a buyer waits for: in the built app's window, from the key of a decision to the next pair on screen, over 300
 * decisions that follow each other as fast as each next pair is painted. Then reads from disk what was decided: each decision
 * has to be there, on the row that was shown when its key was pressed.
 */
export async function measureReview({ scratch }: Setting): Promise<Figure[]> {
  if (!existsSync(path.join(REPOSITORY, 'dist/main.js'))) throw new Error('Run "npm run build" first.');
  const model = await starterModel();
  const dataDir = path.join(scratch, 'review');
  const root = await importSample(dataDir, model);
  const pile = await makePile(path.join(scratch, 'pile'));
  const app = await DrivenApp.start(REPOSITORY, dataDir);
  let decided: Decided[] = [];
  let bare: number[] = [];
  try {
    await startComparison(app, pile);
    for (let n = 0; n < DECISIONS; n++) {
      await app.press(KEYS[n % KEYS.length] ?? 'a');
      await app.until(`window.decided.length === ${n + 1}`);
      await app.press(NO_KEY);
      await app.until(`window.bare.length === ${n + 1}`);
    }
    decided = z.array(decision).parse(await app.evaluate('window.decided'));
    bare = z.array(z.number()).parse(await app.evaluate('window.bare'));
    await app.until(`document.querySelector('.document-status strong').innerText === '${DECISIONS}'`);
  } finally {
    await app.close();
  }
  await compareWithDisk(dataDir, root, decided);
  const waits = decided.map(({ wait }) => wait);
  const name = 'review: key to the next pair painted';
  return [
    { name, value: median(waits), unit: 'ms' },
    { name: 'review: a key that does nothing to the next frame', value: median(bare), unit: 'ms' },
    {
      name: 'review: a key that does nothing to the next frame, p95',
      value: quantile(bare, 0.95),
      unit: 'ms',
    },
    { name: `${name}, p95`, value: quantile(waits, 0.95), unit: 'ms', target: { atMost: 50 } },
    { name: `${name}, slowest`, value: Math.max(...waits), unit: 'ms' },
  ];
}

/** A folder of a few more pictures than are decided, in the order of their names. */
async function makePile(folder: string): Promise<string> {
  await mkdir(folder, { recursive: true });
  const images = path.join(SAMPLE, 'images');
  const files = (await readdir(images)).slice(0, DECISIONS + 10);
  await Promise.all(files.map((file) => copyFile(path.join(images, file), path.join(folder, file))));
  return folder;
}

async function startComparison(app: DrivenApp, pile: string): Promise<void> {
  await app.until(`document.querySelector('h1')?.checkVisibility()`);
  await app.evaluate(
    `[...document.querySelectorAll('.tab')].find((tab) => tab.innerText === 'Compare').click()`,
  );
  await app.until(`document.querySelector('.compare-empty .button.primary')`);
  await app.drop(pile);
  await app.until(`document.querySelector('.table-review')`);
  await app.until(`!document.querySelector('.run-line')`, { patienceMs: 900_000 });
  await app.evaluate(PROBE);
  await app.evaluate(`document.querySelector('.table-review').click()`);
  await app.until('window.isShown()');
}

const decision = z.object({ row: z.number(), key: z.string(), wait: z.number() });
type Decided = z.infer<typeof decision>;

/**
 * Runs in the page, and notes for each decision in `window.decided` the row that was on screen, the key, and how long it took
 * until the next row was painted with all its pictures: a task that a frame's callback has queued runs after the frame was
 * painted. A key's own time stamp counts the time before the page heard of it.
 */
const PROBE = `
  window.decided = [];
  window.bare = [];
  const shown = () => document.querySelector('.stage.is-shown');
  window.isShown = () => {
    const stage = shown();
    const pictures = stage ? [...stage.querySelectorAll('.stage-fit img, .stage-whole, .candidate img')] : [];
    const own = stage?.querySelector('.stage-fit img');
    return Boolean(own) && pictures.length > 3 && pictures.every((each) => each.complete && each.naturalWidth > 0);
  };
  addEventListener('keydown', ({ key, timeStamp }) => {
    const row = Number(shown().dataset.row);
    const painted = new MessageChannel();
    painted.port1.onmessage = () => {
      const wait = performance.now() - timeStamp;
      if (key === '${NO_KEY}') window.bare.push(wait);
      else window.decided.push({ row, key, wait });
    };
    const look = () => {
      if (key === '${NO_KEY}') painted.port2.postMessage(0);
      else if (Number(shown().dataset.row) !== row && window.isShown()) painted.port2.postMessage(0);
      else requestAnimationFrame(look);
    };
    requestAnimationFrame(look);
  }, true);`;

/** @throws Error naming the first decision that is lost or on another row */
async function compareWithDisk(dataDir: string, root: string, decided: readonly Decided[]): Promise<void> {
  const engine = await openEngine({ dataDir, modelRoots: [root], sampleFeed: '', modelId: STARTER });
  try {
    const [{ id } = { id: '' }] = await engine.comparisons.list();
    for (const { row, key } of decided) {
      const { rows } = await engine.comparisons.rows({ id, rows: [row] });
      const match = rows[0]?.decision?.match ?? null;
      if (match !== MATCHES[key]) throw new Error(`Row ${row}: ${key} was pressed, and ${match} is on disk.`);
    }
  } finally {
    await engine.close();
  }
}
