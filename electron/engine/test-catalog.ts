// Shared by the engine's tests: pictures drawn from numbers, feeds on disk, engines with their own data folders.
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { onTestFinished } from 'vitest';
import type { FeedSource, ImportReport } from '../contract/publishing.ts';
import { makeTemporaryFolder, removeFolder } from '../dev/temporary-folder.ts';
import type { Engine } from './engine.ts';
import { loadSharp } from './images/sharp-build.ts';
import { openEngine } from './open-engine.ts';

/** The repository's models. `npm install` builds the starter. */
export const MODELS = fileURLToPath(new URL('../../models', import.meta.url));

/** A folder that is deleted after the test. */
export async function temporaryFolder(): Promise<string> {
  const folder = await makeTemporaryFolder();
  onTestFinished(() => removeFolder(folder));
  return folder;
}

/** A PNG of coloured tiles. Each seed gives another picture, and no two are similar to the model. */
export async function drawPicture(seed: number, width = 64, height = 64): Promise<Uint8Array<ArrayBuffer>> {
  const sharp = await loadSharp();
  const tile = 8 + (seed % 5) * 4;
  const pixels = Buffer.alloc(width * height * 3);
  for (let i = 0; i < pixels.length; i++) {
    const [x, y] = [Math.floor(i / 3) % width, Math.floor(i / 3 / width)];
    const place = Math.floor(x / tile) * 31 + Math.floor(y / tile) * 17 + (i % 3) * 7;
    pixels[i] = Math.imul((seed + 1) * 1009 + place, 2654435761) >>> 24;
  }
  return sharp(pixels, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer();
}

/** Writes `<seed>.png` for each seed. */
export async function drawInto(folder: string, seeds: Iterable<number>): Promise<void> {
  for (const seed of seeds) await writeFile(join(folder, `${seed}.png`), await drawPicture(seed));
}

export const range = (count: number): number[] => Array.from({ length: count }, (_, i) => i);

/** Product `p<seed>` with the picture `<seed>.png`. */
export function item(seed: number, fields: Record<string, unknown> = {}): Record<string, unknown> {
  return { id: `p${seed}`, title: `Product ${seed}`, image: `${seed}.png`, ...fields };
}

/** Writes the products as `feed.json`, and returns its source. */
export async function writeFeed(folder: string, products: readonly unknown[]): Promise<FeedSource> {
  const path = join(folder, 'feed.json');
  await writeFile(path, JSON.stringify({ version: 1, name: 'Test', products }));
  return { kind: 'file', path };
}

/** An engine with the starter model, closed after the test. */
export async function openTestEngine(dataDir: string): Promise<Engine> {
  const engine = await openEngine({ dataDir, modelRoots: [MODELS], sampleFeed: join(dataDir, 'none.json') });
  onTestFinished(() => engine.close());
  return engine;
}

/** Imports to the end. */
export async function runImport(
  engine: Engine,
  source: FeedSource,
  signal: AbortSignal = new AbortController().signal,
): Promise<ImportReport> {
  const steps = engine.publisher.sync({ source, confirmRemovals: true }, signal);
  let step = await steps.next();
  while (!step.done) step = await steps.next();
  return step.value;
}

/** An imported folder of pictures with their feed: the starting point of most tests. */
export async function importedCatalog(products: readonly Record<string, unknown>[], seeds: Iterable<number>) {
  const folder = await temporaryFolder();
  await drawInto(folder, seeds);
  const dataDir = join(folder, 'data');
  const engine = await openTestEngine(dataDir);
  const source = await writeFeed(folder, products);
  const report = await runImport(engine, source);
  return { folder, dataDir, engine, source, report };
}
