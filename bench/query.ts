import { setTimeout as sleep } from 'node:timers/promises';
import { bareModel } from './bare-model.ts';
import { startEngine, timedQuery } from './engine.ts';
import { type Figure, median, quantile } from './figures.ts';
import type { Setting } from './setting.ts';

const QUERIES = 60;
const WARM_UP = 5;
/** ONNX Runtime's threads spin after a run, and must not slow down the other process's run. */
const PAUSE_MS = 50;

/**
 * Measures the query with a new photo, from the page's side of the contract and back, thumbnails included. Bare runs of the
 * model alternate with the queries, so that other load on the machine affects both equally.
 */
export async function measureQuery({ model, photos, dataDir }: Setting): Promise<Figure[]> {
  await using engine = await startEngine(dataDir, model);
  await engine.ask.calibrate();
  const run = await bareModel(model, 1);
  const spent: Record<Part, number[]> = {
    total: [],
    decode: [],
    embed: [],
    search: [],
    thumbnails: [],
    rest: [],
  };
  const [bare, cached]: [number[], number[]] = [[], []];
  for (let n = -WARM_UP; n < QUERIES; n++) {
    const bytes = await photos.jpeg(1000 + n);
    await sleep(PAUSE_MS);
    const alone = await timed(run);
    await sleep(PAUSE_MS);
    const { ms, answer } = await timedQuery(engine, bytes);
    const again = await timedQuery(engine, bytes);
    if (answer.timings.cached || !again.answer.timings.cached)
      throw new Error('The cache is not as it should be.');
    if (n < 0) continue;
    const { decode, embed, search, thumbnails } = answer.timings;
    bare.push(alone);
    cached.push(again.ms);
    spent.total.push(ms);
    spent.decode.push(decode);
    spent.embed.push(embed);
    spent.search.push(search);
    spent.thumbnails.push(thumbnails);
    spent.rest.push(ms - decode - embed - search - thumbnails);
  }
  const baseline = { name: 'bare session.run', value: median(bare) };
  return [
    { name: 'query', value: median(spent.total), unit: 'ms', baseline, target: { atMost: 1.3 } },
    { name: 'query, p95', value: quantile(spent.total, 0.95), unit: 'ms' },
    ...PARTS.map((part): Figure => ({ name: `  of which ${part}`, value: median(spent[part]), unit: 'ms' })),
    { name: 'query, cached', value: median(cached), unit: 'ms', target: { atMost: 5 } },
  ];
}

const PARTS = ['decode', 'embed', 'search', 'thumbnails', 'rest'] as const;
type Part = (typeof PARTS)[number] | 'total';

async function timed(work: () => Promise<void>): Promise<number> {
  const began = performance.now();
  await work();
  return performance.now() - began;
}
