import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Engine, openEngine } from '../../electron/engine/engine.ts';
import type { LabelledPhoto } from './labelled-set.ts';

/** Where a model is found. */
export interface ModelChoice {
  id: string;
  roots: string[];
}

/** Kept from run to run: a photo that was embedded once is known by its bytes. */
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lookalike', 'eval');

/** An engine whose catalog is these photos, brought there as a shop's feed would be. */
export async function openGallery(photos: readonly LabelledPhoto[], model: ModelChoice): Promise<Engine> {
  const products = toFeed(photos);
  const key = createHash('sha256')
    .update(JSON.stringify([products, model]))
    .digest('hex')
    .slice(0, 16);
  const dataDir = join(CACHE, key);
  await mkdir(dataDir, { recursive: true });
  const feed = join(dataDir, 'feed.json');
  await writeFile(feed, JSON.stringify({ version: 1, name: 'Labelled set', products }));
  const engine = await openEngine({ dataDir, modelRoots: model.roots, sampleFeed: feed, modelId: model.id });
  const steps = engine.publisher.sync(
    { source: { kind: 'file', path: feed }, confirmRemovals: true },
    new AbortController().signal,
  );
  let step = await steps.next();
  while (!step.done) step = await steps.next();
  for (const { item, message } of step.value.problems) console.error(`Left out: ${item}: ${message}`);
  await engine.calibrate();
  return engine;
}

function toFeed(photos: readonly LabelledPhoto[]): object[] {
  const products = new Map<string, LabelledPhoto[]>();
  for (const photo of photos) {
    const images = products.get(photo.productId);
    if (images) images.push(photo);
    else products.set(photo.productId, [photo]);
  }
  return [...products].map(([id, images]) => ({
    id,
    title: id,
    images: images.map(({ path }) => path),
    category: images[0]?.category ?? undefined,
    color: images[0]?.color ?? undefined,
  }));
}
