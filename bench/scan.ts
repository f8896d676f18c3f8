import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Filters } from '../electron/contract/search.ts';
import type { CatalogModel } from '../electron/engine/catalog/catalog.ts';
import { LiveCatalog } from '../electron/engine/snapshot/live-catalog.ts';
import type { Searchable } from '../electron/engine/snapshot/searchable.ts';
import { fillCatalog } from './catalog.ts';
import { type Figure, median } from './figures.ts';
import { seeded, unitNear } from './random.ts';
import { PRODUCTS, type Setting } from './setting.ts';

const WARM_UP = 3;
const QUERIES = 20;
const LIMIT = 120;
const LARGE = 100_000;

/** The filters of the nth query. */
const FILTERS: Record<string, (n: number) => Filters> = {
  'no filter': () => ({}),
  'a filter again': () => ({ brand: ['Brand 1', 'Brand 2', 'Brand 3', 'Brand 4'] }),
  'a filter not asked before': (n) => ({ category: ['coat', 'shoes'], price: { min: n, max: 100 + n / 10 } }),
};

/** The search step of both answers, in memory and by LanceDB, over the same catalog. */
export async function measureScan(setting: Setting): Promise<Figure[]> {
  const { model, dataDir, scratch, sizes, photos } = setting;
  const { id, dim } = model.entry;
  const figures = await measureBoth(join(dataDir, 'catalog'), { id, dim }, PRODUCTS);
  if (!sizes.includes(LARGE)) return figures;
  const large = join(scratch, 'scan');
  await fillCatalog(large, { id, dim }, LARGE, [await photos.thumbnail(0, 32)]);
  figures.push(...(await measureBoth(large, { id, dim }, LARGE)));
  await rm(large, { recursive: true });
  return figures;
}

async function measureBoth(uri: string, model: CatalogModel, products: number): Promise<Figure[]> {
  using memory = await answerer(uri, model, 'memory');
  using lance = await answerer(uri, model, 'lance');
  const figures: Figure[] = [];
  for (const [kind, filtersOf] of Object.entries(FILTERS)) {
    const random = seeded(7);
    const times: Record<'memory' | 'lance' | 'memoryFacets' | 'lanceFacets', number[]> = {
      memory: [],
      lance: [],
      memoryFacets: [],
      lanceFacets: [],
    };
    for (let n = -WARM_UP; n < QUERIES; n++) {
      const query = unitNear(new Float32Array(model.dim), 1, random);
      const filters = filtersOf(WARM_UP + n);
      const own = await timed(() => memory.nearest(query, LIMIT, filters));
      const other = await timed(() => lance.nearest(query, LIMIT, filters));
      const [best, same] = [own.value.neighbours[0], other.value.neighbours[0]];
      if (best?.styleId !== same?.styleId) throw new Error('The two answers disagree.');
      const ownFacets = await timed(() => memory.facets(filters));
      const otherFacets = await timed(() => lance.facets(filters));
      if (n < 0) continue;
      times.memory.push(own.ms);
      times.lance.push(other.ms);
      times.memoryFacets.push(ownFacets.ms);
      times.lanceFacets.push(otherFacets.ms);
    }
    const figure = (name: string, value: number[], other: number[]): Figure => ({
      name: `${products}, ${kind}: ${name}`,
      value: median(value),
      unit: 'ms',
      baseline: { name: 'by LanceDB', value: median(other) },
    });
    figures.push(figure(`${LIMIT} best in memory`, times.memory, times.lance));
    figures.push(figure('facets in memory', times.memoryFacets, times.lanceFacets));
  }
  return figures;
}

async function answerer(
  uri: string,
  model: CatalogModel,
  answeredBy: 'memory' | 'lance',
): Promise<Searchable> {
  const catalog = await LiveCatalog.open(uri, model, { memory: { answeredBy } });
  const searchable = await catalog.searchable();
  if (!searchable) throw new Error('The catalog is not published.');
  return searchable;
}

async function timed<T>(run: () => Promise<T>): Promise<{ ms: number; value: T }> {
  const began = performance.now();
  const value = await run();
  return { ms: performance.now() - began, value };
}
