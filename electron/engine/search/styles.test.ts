import { expect, test } from 'vitest';
import { loadSharp } from '../images/sharp-build.ts';
import { drawPicture, importedCatalog, range } from '../test-catalog.ts';

/** A tee in two colours and four other things, each in so many sizes. */
function shop(sizes: readonly string[]) {
  const styles = [
    { groupId: 'tee', color: 'navy', image: '0.png' },
    { groupId: 'tee', color: 'white', image: '1.png' },
    ...range(4).map((n) => ({ groupId: `other ${n}`, color: 'green', image: `${n + 2}.png` })),
  ];
  return styles.flatMap((style) =>
    sizes.map((size) => {
      const sku = `${style.groupId}-${style.color}-${size}`.toUpperCase();
      return { ...style, id: sku, sku, title: `${style.color} ${style.groupId}`, size, stock: size.length };
    }),
  );
}

/** Another picture of what seed 0 shows. */
async function anotherView() {
  const sharp = await loadSharp();
  const seen = sharp(await drawPicture(0))
    .blur(1.5)
    .modulate({ brightness: 1.2 });
  return { kind: 'photo', photo: { bytes: Uint8Array.from(await seen.png().toBuffer()) } } as const;
}

test('eight sizes are one card, and rank and band are those of one size', async () => {
  const one = await importedCatalog(shop(['M']), range(6));
  const eight = await importedCatalog(shop(['XS', 'S', 'M', 'L', 'XL', '2XL', '3XL', '4XL']), range(6));
  const query = await anotherView();
  const [alone, many] = await Promise.all(
    [one, eight].map(async ({ engine }) => {
      const { results, total, facets } = await engine.search({ query });
      const shown = results.map(({ thumbnail, score, band, rank }) => ({ thumbnail, score, band, rank }));
      return { shown, total, colors: facets.color };
    }),
  );
  expect(many).toEqual(alone);
  expect(many?.shown[0]?.score).toBeLessThan(0.99);
  expect(many?.total).toBe(6);

  const { results } = await eight.engine.search({ query });
  expect(results[0]).toMatchObject({
    sku: 'TEE-NAVY-XS',
    typed: false,
    styleSku: 'TEE-NAVY',
    sizes: { length: 8, 2: { sku: 'TEE-NAVY-M', size: 'M', stock: 1 } },
    colors: [{ color: 'white' }],
  });

  // The typed SKU of one size shows that size, and its card stays one.
  const typed = await eight.engine.search({ query: { kind: 'words', words: 'tee-white-3xl' } });
  expect(typed.results[0]).toMatchObject({ sku: 'TEE-WHITE-3XL', size: '3XL', typed: true, band: 'same' });
  const cards = typed.results.map(({ styleSku }) => styleSku);
  expect(new Set(cards).size).toBe(cards.length);
  const besidePhoto = await eight.engine.search({ query: { ...query, words: 'TEE-NAVY-L' } });
  expect(besidePhoto.results[0]).toMatchObject({ sku: 'TEE-NAVY-L', typed: true, sizes: { length: 8 } });

  // A colour's card opens by its first size, and tells the way back.
  const [white] = results[0]?.colors ?? [];
  const details = await eight.engine.product(white?.uid ?? '');
  expect(details).toMatchObject({ color: 'white', sizes: { length: 8 }, colors: [{ color: 'navy' }] });
  const alike = await eight.engine.search({ query: { kind: 'product', productId: 'TEE-NAVY-L' } });
  expect(alike.total).toBe(5);
});
