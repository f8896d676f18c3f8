import { expect, test } from 'vitest';
import { openTestEngine, runImport, temporaryFolder } from '../test-catalog.ts';
import { openShop } from '../test-shop.ts';

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
