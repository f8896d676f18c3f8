import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { Document } from '../electron/engine/compare/document.ts';
import { JOURNAL } from '../electron/engine/compare/document-journal.ts';
import { type Entry, VERSION } from '../electron/engine/compare/entries.ts';
import { writeJournal } from '../electron/engine/files/journal.ts';
import { openEngine } from '../electron/engine/open-engine.ts';
import { importSample } from './drop.ts';
import { type Figure, median } from './figures.ts';
import { STARTER, starterModel } from './model.ts';
import type { Setting } from './setting.ts';
import { DrivenApp } from './soak/driven-app.ts';
import { processUse } from './soak/processes.ts';

const REPOSITORY = path.resolve(import.meta.dirname, '..');
const ROWS = 5000;
const OPENED = 3;
/** Wheel events and the distance of each: about five rows a tenth of a second, as a person who looks for something. */
const WHEEL = { events: 400, pixels: 100, everyMs: 16 };

/**
 * Measures a comparison of 5,000 pictures in the built app's window: from the click to its first rows painted with their
 * pictures, the frames of scrolling through it, and the memory of page and engine above Match's.
 */
export async function measurePile({ scratch }: Setting): Promise<Figure[]> {
  if (!existsSync(path.join(REPOSITORY, 'dist/main.js'))) throw new Error('Run "npm run build" first.');
  const dataDir = path.join(scratch, 'pile-app');
  await makeLargeDocument(dataDir);
  const app = await DrivenApp.start(REPOSITORY, dataDir);
  try {
    await app.until(`document.querySelector('h1')?.checkVisibility()`);
    await app.until(`document.body.innerText.includes('answering from')`);
    await app.drop(path.join(REPOSITORY, 'resources/sample-catalog/queries/02-breton-on-bed.jpg'));
    await app.until(`document.querySelector('.card-picture img')?.complete`);
    await sleep(3000);
    const match = await memory(app);
    const still = await frames(app, async () => sleep(WHEEL.events * WHEEL.everyMs));
    await click(app, `[...document.querySelectorAll('.tab')].find((tab) => tab.innerText === 'Compare')`);
    const opened: number[] = [];
    for (let n = 0; n < OPENED; n++) opened.push(await open(app));
    const scrolled = await frames(app, () => scroll(app));
    await app.evaluate(`document.querySelector('.table-scroller').scrollTop = 1e9`);
    await sleep(1500);
    const compare = await memory(app);
    return [
      {
        name: `pile: ${ROWS} rows, click to painted`,
        value: median(opened),
        unit: 'ms',
        target: { atMost: 1000 },
      },
      {
        name: 'pile: frames a second while it is scrolled',
        value: scrolled.rate,
        unit: 'frames/s',
        baseline: { name: 'nothing moves', value: still.rate },
      },
      {
        name: '  frames that took longer than 25 ms',
        value: scrolled.late,
        unit: 'of 1',
        baseline: { name: 'nothing moves', value: still.late },
      },
      {
        name: '  the longest frame',
        value: scrolled.longest,
        unit: 'ms',
        baseline: { name: 'nothing moves', value: still.longest },
      },
      {
        name: 'pile: memory of page and engine above Match',
        value: compare - match,
        unit: 'MB',
        target: { atMost: 400 },
      },
    ];
  } finally {
    await app.close();
  }
}

/** The sample catalog, and a comparison of its own pictures, repeated until there are enough rows. */
async function makeLargeDocument(dataDir: string): Promise<void> {
  const model = await starterModel();
  const root = await importSample(dataDir, model);
  const images = path.join(REPOSITORY, 'resources/sample-catalog/images');
  const engine = await openEngine({ dataDir, modelRoots: [root], sampleFeed: '', modelId: STARTER });
  const { comparisons } = engine;
  const { id } = await comparisons.create({ paths: [images], pictures: [], competitor: 'Harrow' });
  await comparisons.run({ id, failed: false, again: false });
  await comparisons.ended(id);
  await engine.close();
  const folder = path.join(dataDir, 'comparisons', id);
  const document = await Document.open(folder);
  const entries = [...largeEntries([...document.state.entries(VERSION)])];
  await document.close();
  await rm(path.join(folder, 'summary.json'), { force: true });
  await writeJournal(path.join(folder, JOURNAL), entries);
}

/** The entries of a document with its rows repeated; each row has a picture of its own by its hash. */
function* largeEntries(entries: readonly Entry[]): Generator<Entry> {
  yield* entries.filter(({ kind }) => kind !== 'row' && kind !== 'compared' && kind !== 'listed');
  const rows = entries.flatMap((entry) => (entry.kind === 'row' ? [entry] : []));
  const compared = new Map(
    entries.flatMap((entry) => (entry.kind === 'compared' ? [[entry.row, entry]] : [])),
  );
  const whole = rows.flatMap((row) => {
    const answer = compared.get(row.row);
    return answer ? [{ row, answer }] : [];
  });
  for (let n = 0; n < ROWS; n++) {
    const pair = whole[n % whole.length];
    if (!pair) throw new Error('Nothing was compared.');
    const hash = createHash('sha256').update(`${n}`).digest('hex');
    const number = n + 1;
    yield { ...pair.row, row: number };
    yield { ...pair.answer, row: number, picture: { ...pair.answer.picture, hash } };
  }
  yield { kind: 'listed', source: 0 };
}

async function memory(app: DrivenApp): Promise<number> {
  const uses = await processUse(app.pid);
  return uses
    .filter(({ name }) => name === 'page' || name === 'engine')
    .reduce((sum, { pss }) => sum + pss, 0);
}

async function click(app: DrivenApp, element: string): Promise<void> {
  await app.until(element);
  await app.evaluate(`${element}.click()`);
}

/** @returns the milliseconds from the click to the first rows painted with their pictures */
async function open(app: DrivenApp): Promise<number> {
  // The app opens the document that was open last.
  const back = `document.querySelector('[aria-label="All comparisons"]')`;
  await app.until(`document.querySelector('.comparison-open') || ${back}`);
  await app.evaluate(`${back}?.click()`);
  await app.until(`document.querySelector('.comparison-open')`);
  await sleep(500);
  const took = z.number().parse(
    await app.evaluate(`new Promise((resolve) => {
      const began = performance.now();
      document.querySelector('.comparison-open').click();
      const look = () => {
        const pictures = [...document.querySelectorAll('.table-row img')];
        const shown = document.querySelectorAll('.table-row').length;
        const ready = shown > 5 && pictures.length >= 2 * shown && pictures.every((each) => each.complete && each.naturalWidth > 0);
        if (!ready) requestAnimationFrame(look);
        else requestAnimationFrame(() => setTimeout(() => resolve(performance.now() - began)));
      };
      look();
    })`),
  );
  await sleep(1000);
  return took;
}

const framesSeen = z.array(z.number());

/** The frames of the page while something happens. */
async function frames(
  app: DrivenApp,
  work: () => Promise<unknown>,
): Promise<{ rate: number; late: number; longest: number }> {
  await app.evaluate(`(() => {
    const seen = [];
    window.seenFrames = seen;
    const note = (at) => {
      if (window.seenFrames !== seen) return;
      seen.push(at);
      requestAnimationFrame(note);
    };
    requestAnimationFrame(note);
  })()`);
  await work();
  const times = framesSeen.parse(
    await app.evaluate(
      '(() => { const seen = window.seenFrames; window.seenFrames = null; return seen; })()',
    ),
  );
  const gaps = times.slice(1).map((at, n) => at - (times[n] ?? at));
  const total = (times.at(-1) ?? 0) - (times[0] ?? 0);
  return {
    rate: (1000 * gaps.length) / total,
    late: gaps.filter((gap) => gap > 25).length / gaps.length,
    longest: Math.max(...gaps),
  };
}

/** Turns the wheel over the table, as the system would tell the page of it. */
async function scroll(app: DrivenApp): Promise<void> {
  for (let n = 0; n < WHEEL.events; n++) {
    const turned = app.send('Input.dispatchMouseEvent', {
      ...{ type: 'mouseWheel', x: 600, y: 500, deltaX: 0, deltaY: WHEEL.pixels },
    });
    await Promise.all([turned, sleep(WHEEL.everyMs)]);
  }
  const scrolled = z
    .number()
    .parse(await app.evaluate(`document.querySelector('.table-scroller').scrollTop`));
  if (scrolled < 0.8 * WHEEL.events * WHEEL.pixels) throw new Error(`Scrolled ${scrolled} px only.`);
}
