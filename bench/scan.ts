import { join } from 'node:path';
import { connect } from '@lancedb/lancedb';
import { LiveCatalog } from '../electron/engine/snapshot/live-catalog.ts';
import { type Figure, median } from './figures.ts';
import { seeded, unitNear } from './random.ts';
import type { Setting } from './setting.ts';

const QUERIES = 40;
const LIMIT = 120;

/** The engine's own exact search in memory compared with Lance's, for the same vectors. */
export async function measureScan({ model, dataDir }: Setting): Promise<Figure[]> {
  const { id, dim } = model.entry;
  const uri = join(dataDir, 'catalog');
  const snapshot = await (await LiveCatalog.open(uri, { id, dim })).live();
  if (!snapshot) throw new Error('The catalog is not published.');
  const table = await (await connect(uri)).openTable(`features-${id}`);
  const random = seeded(7);
  const [own, lance]: [number[], number[]] = [[], []];
  for (let n = -5; n < QUERIES; n++) {
    const query = unitNear(new Float32Array(dim), 1, random);
    const began = performance.now();
    const { neighbours } = await snapshot.nearest(query, LIMIT, {});
    const between = performance.now();
    const search = table
      .vectorSearch(query)
      .distanceType('cosine')
      .select(['imageHash', '_distance'])
      .limit(LIMIT);
    const rows = await search.toArray();
    const ended = performance.now();
    if (rows[0]?.imageHash !== neighbours[0]?.imageHash) throw new Error('The two searches disagree.');
    if (n < 0) continue;
    own.push(between - began);
    lance.push(ended - between);
  }
  const baseline = { name: 'Lance vectorSearch', value: median(lance) };
  return [{ name: 'exact search in memory', value: median(own), unit: 'ms', baseline }];
}
