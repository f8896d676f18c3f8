import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type Engine, openEngine } from '../../electron/engine/engine.ts';
import { type LabelledPhoto, labelsOf } from './labelled-set.ts';

/** Where a model is found. */
export interface ModelChoice {
  id: string;
  roots: string[];
}

/** Kept from run to run: a photo that was embedded once is known by its bytes. */
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lookalike', 'eval');

/**
 * An engine whose catalog is these photos, brought there as a shop's feed would be.
 * @param leftOut gets what could not be imported
 */
export async function openGallery(
  photos: readonly LabelledPhoto[],
  model: ModelChoice,
  leftOut: Set<string>,
): Promise<Engine> {
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
  for (const { item, image, message } of step.value.problems) leftOut.add(`${image ?? item}: ${message}`);
  await engine.calibrate();
  return engine;
}

function toFeed(photos: readonly LabelledPhoto[]): object[] {
  const images = new Map<string, string[]>();
  for (const { productId, path } of photos) images.set(productId, [...(images.get(productId) ?? []), path]);
  return [...labelsOf(photos)].map(([id, { category, color }]) => ({
    id,
    title: id,
    images: images.get(id),
    category: category ?? undefined,
    color: color ?? undefined,
  }));
}
