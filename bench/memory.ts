import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fillCatalog, someThumbnails } from './catalog.ts';
import { startEngine, timedQuery } from './engine.ts';
import type { Figure } from './figures.ts';
import { type BenchModel, starterModel } from './model.ts';
import type { PhotoSource } from './photos.ts';
import { PRODUCTS, type Setting } from './setting.ts';

const QUERIES = 20;

/** Resident memory (RSS) of an engine that has loaded the catalog and answered some queries, for each model. */
export async function measureMemory({ model, photos, scratch, dataDir }: Setting): Promise<Figure[]> {
  const figures = await memoryWith(model, dataDir, photos);
  const starter = await starterModel();
  if (model.entry.id === starter.entry.id) return figures;
  const starterData = join(scratch, 'memory-starter');
  const { id, dim } = starter.entry;
  await fillCatalog(join(starterData, 'catalog'), { id, dim }, PRODUCTS, await someThumbnails(photos));
  return [...figures, ...(await memoryWith(starter, starterData, photos))];
}

async function memoryWith(model: BenchModel, dataDir: string, photos: PhotoSource): Promise<Figure[]> {
  await using engine = await startEngine(dataDir, model);
  const empty = await engine.ask.memory();
  for (let n = 0; n < QUERIES; n++) await timedQuery(engine, await photos.jpeg(60_000 + n));
  await sleep(2000);
  const loaded = await engine.ask.memory();
  const { name } = model.entry;
  return [
    { name: `engine memory, ${name}, no catalog loaded`, value: empty / 1e6, unit: 'MB' },
    { name: `engine memory, ${name}, ${PRODUCTS} products`, value: loaded / 1e6, unit: 'MB' },
  ];
}
