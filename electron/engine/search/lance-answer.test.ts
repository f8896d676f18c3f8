import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { SearchRequest } from '../../contract/search.ts';
import { openEngine } from '../open-engine.ts';
import { drawPicture, importedCatalog, item, MODELS, range, runImport, writeFeed } from '../test-catalog.ts';

test('the engine answers by LanceDB as it does from memory, and says what is approximate', async () => {
  const products = range(40).map((n) =>
    item(n, {
      groupId: `g${Math.floor(n / 4)}`,
      color: n % 2 === 0 ? 'red' : 'green',
      size: `${n % 4}`,
      category: n < 20 ? 'coat' : 'dress',
      title: n === 7 ? 'Florentine coat' : `Product ${n}`,
    }),
  );
  const { dataDir, engine, folder } = await importedCatalog(products, range(40));
  const byLance = await openEngine({
    dataDir,
    modelRoots: [MODELS],
    sampleFeed: join(dataDir, 'none.json'),
    memory: { bytes: 1 },
  });
  onTestFinished(() => byLance.close());
  await Promise.all([engine.calibrate(), byLance.calibrate()]);
  const photo = { kind: 'photo', photo: { bytes: await drawPicture(5) } } as const;
  const requests: SearchRequest[] = [
    { query: photo },
    { query: photo, filters: { category: ['coat'] }, limit: 3 },
    { query: { ...photo, words: 'florentine' } },
    { query: { kind: 'product', productId: 'p9' } },
    { query: { kind: 'words', words: 'flor' } },
    { query: { kind: 'words', words: 'coats not red' } },
    { query: { ...photo, words: 'green coat, not florentine' } },
    { query: photo, sameColor: true },
    { query: photo, without: 'florentine' },
  ];
  for (const request of requests) {
    const [memory, lance] = [await engine.search(request), await byLance.search(request)];
    const shown = (answer: typeof memory) =>
      answer.results.map(({ uid, styleId, score, band, sizes, colors }) => {
        return { uid, styleId, score: expect.closeTo(score, 5), band, sizes, colors };
      });
    expect(lance.results).toMatchObject(shown(memory));
    expect(lance.total).toBe(memory.total);
    expect(lance.facets).toEqual(memory.facets);
    expect(lance.thumbnails).toEqual(memory.thumbnails);
    expect(memory.ranking).toMatchObject({ answeredBy: 'memory', approximate: [] });
    expect(lance.ranking.answeredBy).toBe('lance');
    expect(lance.ranking.approximate).toContain('bands');
  }
  expect(await byLance.product('p9')).toEqual(await engine.product('p9'));
  expect((await byLance.status()).answeredBy).toBe('lance');
  expect((await engine.status()).answeredBy).toBe('memory');

  // What is published is followed, and a dry run compares with all of it.
  const next = await writeFeed(folder, products.slice(1));
  const plan = byLance.publisher.plan({ source: next }, new AbortController().signal);
  let step = await plan.next();
  while (!step.done) step = await plan.next();
  expect(step.value).toMatchObject({ removed: { count: 1 }, unchanged: 39 });
  await runImport(byLance, next);
  expect((await byLance.search({ query: photo })).total).toBe(20);
  await expect(byLance.product('p0')).rejects.toMatchObject({ code: 'PRODUCT_UNKNOWN' });
});
