import { createHash } from 'node:crypto';
import { mkdir, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { faultSentence } from '../../electron/cli/sentences.ts';
import { toEnd } from '../../electron/cli/session.ts';
import type { Engine } from '../../electron/engine/engine.ts';
import { installedModels, verifyModel } from '../../electron/engine/model/files.ts';
import { ModelStore } from '../../electron/engine/models/install/store.ts';
import { openEngine } from '../../electron/engine/open-engine.ts';
import { type LabelledPhoto, labelsOf } from './labelled-set.ts';

/** Where a model is found. */
export interface ModelChoice {
  id: string;
  roots: string[];
}

/** Kept between runs: a photo that was embedded once is known by its bytes. */
const CACHE = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'lookalike', 'eval');

const never = new AbortController().signal;

/**
 * A model in its own folder, verified and installed as the app does.
 * @param roots folders of the models that ship with the app
 * @throws LookalikeError MODEL_*, MANIFEST_INVALID
 */
export async function modelFromFolder(path: string, roots: string[]): Promise<ModelChoice> {
  const folder = join(CACHE, 'models', digest(path));
  const store = new ModelStore({ folder, roots, inUse: async () => null });
  const { id } = await toEnd(store.install({ from: 'path', path }, never), () => {});
  return { id, roots: [folder, ...roots] };
}

/**
 * An engine whose catalog is these photos, imported like a shop's feed.
 * @param leftOut receives what could not be imported
 */
export async function openGallery(
  photos: readonly LabelledPhoto[],
  model: ModelChoice,
  leftOut: Set<string>,
): Promise<Engine> {
  const products = toFeed(photos);
  const installed = (await installedModels(model.roots)).find(({ entry }) => entry.id === model.id);
  // Other weights under the same id must not be mixed with the vectors of these.
  const weights = installed && (await verifyModel(installed));
  const dataDir = join(CACHE, digest(JSON.stringify([products, model.id, weights])));
  await mkdir(dataDir, { recursive: true });
  const feed = join(dataDir, 'feed.json');
  await writeFile(feed, JSON.stringify({ version: 1, name: 'Labelled set', products }));
  const engine = await openEngine({ dataDir, modelRoots: model.roots, sampleFeed: feed, modelId: model.id });
  const { problems } = await toEnd(
    engine.publisher.sync({ source: { kind: 'file', path: feed }, confirmRemovals: true }, never),
    () => {},
  );
  for (const problem of problems) {
    leftOut.add(`${problem.image ?? problem.item}: ${faultSentence(problem)}`);
  }
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

const digest = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 16);
