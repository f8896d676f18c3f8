import { expect, test } from 'vitest';
import type { FeedSource } from '../../contract/publishing.ts';
import type { Engine } from '../engine.ts';
import { openTestEngine, runImport, temporaryFolder } from '../test-catalog.ts';
import { openShop } from '../test-shop.ts';

/** How many pictures a sync would ask for. */
async function pictureCounts(engine: Engine, source: FeedSource) {
  const steps = engine.publisher.plan({ source }, new AbortController().signal);
  let step = await steps.next();
  while (!step.done) step = await steps.next();
  return step.value.pictures;
}

test('a picture that is not there is one problem of its product, however many variants show it', async () => {
  const shop = await openShop([
    { id: 'a1', title: 'A 1', groupId: 'a', images: ['/1.png', '/9.png'] },
    { id: 'a2', title: 'A 2', groupId: 'a', images: ['/2.png', '/9.png'] },
    { id: 'b', title: 'B', images: ['/3.png', '/9.png', '/8.png'] },
  ]);
  for (const path of ['/8.png', '/9.png']) shop.missing.add(path);
  const engine = await openTestEngine(await temporaryFolder());
  const { problems, images } = await runImport(engine, shop.source);
  const lines = problems.map(({ item, image }) => `${item[0]} ${image?.slice(shop.origin.length)}`);
  expect(lines.sort()).toEqual(['a /9.png', 'b /8.png', 'b /9.png']);
  expect(images.total).toBe(3);
});

test('a picture that several products show is asked for once a sync, and again only if it has changed', async () => {
  const sizes = (picture: string) =>
    ['S', 'M', 'L'].map((size) => ({
      id: size,
      title: size,
      groupId: 'a',
      size,
      images: [picture, '/9.png'],
    }));
  const shop = await openShop(sizes('/1.png'));
  const engine = await openTestEngine(await temporaryFolder());
  const pictures = () => shop.answers.splice(0).filter((answer) => answer.includes('.png'));
  expect(await pictureCounts(engine, shop.source)).toEqual({ toFetch: 2, known: 0 });
  expect(pictures()).toEqual([]);
  expect((await runImport(engine, shop.source)).images).toMatchObject({ total: 6, embedded: 2 });
  expect(pictures().sort()).toEqual(['/1.png 200', '/9.png 200']);
  await runImport(engine, shop.source);
  shop.products = sizes('/2.png');
  expect(await pictureCounts(engine, shop.source)).toEqual({ toFetch: 1, known: 1 });
  pictures();
  expect((await runImport(engine, shop.source)).images).toMatchObject({ total: 6, embedded: 1 });
  expect(pictures().sort()).toEqual(['/2.png 200', '/9.png 304']);
});
