import { expect, test, vi } from 'vitest';
import { useToast } from '../page/toast.ts';
import { copySize, copySku } from './copy-sku.ts';
import { useMatch } from './match.ts';

const SHIRT = {
  uid: 'shop/S',
  styleId: 'shirt',
  styleSku: '40101-NVY',
  sizes: ['S', 'M'].map((size) => ({
    uid: `shop/${size}`,
    sku: `40101-NVY-${size}`,
    size,
    color: 'navy',
    stock: 3,
    availability: null,
  })),
  colors: [],
};

const writeText = vi.fn(async (_text: string) => {});
vi.stubGlobal('navigator', { clipboard: { writeText } });

test('what was copied is said: the style, or the size that was picked', async () => {
  await copySku(SHIRT, null);
  expect(writeText).toHaveBeenLastCalledWith('40101-NVY');
  expect(useToast.getState().text).toBe('Copied 40101-NVY, all sizes');

  copySize(SHIRT, 'shop/M');
  await vi.waitFor(() => expect(useToast.getState().text).toBe('Copied 40101-NVY-M, size M'), 30_000);
  expect(writeText).toHaveBeenLastCalledWith('40101-NVY-M');
  expect(useMatch.getState().pickedSize).toBe('shop/M');

  const sizes = SHIRT.sizes.slice(0, 1).map((size) => ({ ...size, sku: 'MUG', size: null }));
  await copySku({ uid: 'mug', styleId: 'mug', styleSku: 'MUG', sizes, colors: [] }, null);
  expect(useToast.getState().text).toBe('Copied MUG');
});

test('a clipboard that refuses is said too', async () => {
  writeText.mockRejectedValueOnce(new Error('denied'));
  await copySku(SHIRT, 'shop/M');
  expect(useToast.getState().text).toBe('40101-NVY-M could not be copied');
});
