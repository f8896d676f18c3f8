import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { ImportReport } from '../../contract/publishing.ts';
import { drawPicture, openTestEngine, range, temporaryFolder } from '../test-catalog.ts';

test('a feed that says it is one page of several is never published as if it were all', async () => {
  const folder = await temporaryFolder();
  const path = join(folder, 'feed.json');
  const engine = await openTestEngine(await temporaryFolder());
  await Promise.all(range(4).map(async (i) => writeFile(join(folder, `${i}.png`), await drawPicture(i))));
  const saved = await engine.publisher.saveSource({
    id: 'shop',
    name: 'Shop',
    location: { kind: 'file', path },
    format: null,
    mapping: null,
    charset: null,
    secretHeader: null,
    everyHours: null,
    onStart: false,
  });
  const request = { source: saved.source.location, sourceId: 'shop' };
  const never = new AbortController().signal;
  const sync = async (count: number, page: object): Promise<ImportReport> => {
    const products = range(count).map((i) => ({ id: `p${i}`, title: `P ${i}`, images: [`${i}.png`] }));
    await writeFile(path, JSON.stringify({ version: 1, products, ...page }));
    const steps = engine.publisher.sync({ ...request, confirmRemovals: true }, never);
    for (;;) {
      const step = await steps.next();
      if (step.done) return step.value;
    }
  };
  expect((await sync(4, { has_more: false })).published).toMatchObject({ products: 4 });

  const report = await sync(2, { has_more: true, total_count: 4 });
  const paged = { items: 2, total: 4 };
  expect(report).toMatchObject({
    published: null,
    images: { embedded: 0 },
    toCome: { pictures: 0, hosts: [], retryAt: null, paged },
  });
  expect((await engine.status()).snapshot).toMatchObject({ products: 4 });
  const fault = { code: 'FEED_PAGED', params: paged };
  const status = engine.publisher.sources.get('shop');
  expect(status).toMatchObject({ lastSync: { result: 'incomplete', fault }, nextSyncAt: null });
  expect(await engine.publisher.publishStaged(true)).toBeNull();

  const plans = engine.publisher.plan(request, never);
  for (let step = await plans.next(); ; step = await plans.next()) {
    if (!step.done) continue;
    expect(step.value.problems).toMatchObject([fault]);
    break;
  }
});
