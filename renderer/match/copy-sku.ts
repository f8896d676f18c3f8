import type { Result } from '../../electron/contract/search.ts';
import { toast } from '../page/toast.ts';
import { noteCopied } from './feedback.ts';
import { pickSize } from './match.ts';
import { dataAddress, productPicture } from './product-picture.ts';
import { productHtml, productText } from './product-text.ts';
import { type Shown, type SkuToCopy, skuToCopy } from './style.ts';

/** "Copied 40101-NVY-M, size M" */
export function copiedWords({ sku, of }: SkuToCopy): string {
  if (of === null) return `Copied ${sku}`;
  return `Copied ${sku}, ${of === 'all sizes' ? of : `size ${of}`}`;
}

/**
 * Copies a SKU to the clipboard and says which: the SKU of the picked or typed size, or of the style.
 * @param picked uid of the size that the person picked
 */
export function copySku(shown: Shown, picked: string | null): Promise<void> {
  return copyOut(shown, picked, ({ sku }) => navigator.clipboard.writeText(sku));
}

/** Picks a size of a style and copies its SKU. */
export function copySize(shown: Shown, uid: string): void {
  pickSize(uid);
  void copySku(shown, uid);
}

/** Copies a product with its picture, title, SKU, price and link: as text, as HTML and as a picture. */
export function copyProduct(result: Result, picked: string | null): Promise<void> {
  return copyOut(result, picked, async ({ sku }) => {
    const picture = await productPicture(result.thumbnail, 'image/png');
    const html = productHtml(result, sku, await dataAddress(picture));
    const item = new ClipboardItem({
      'text/plain': new Blob([productText(result, sku)], { type: 'text/plain' }),
      'text/html': new Blob([html], { type: 'text/html' }),
      'image/png': picture,
    });
    await navigator.clipboard.write([item]);
  });
}

/** The one place where a product leaves by the clipboard: whatever is copied of it, its SKU is in it, and it says what a photo shows. */
async function copyOut(
  shown: Shown,
  picked: string | null,
  write: (copy: SkuToCopy) => Promise<void>,
): Promise<void> {
  const copy = skuToCopy(shown, picked);
  const words = copiedWords(copy);
  try {
    await write(copy);
    toast(words);
  } catch {
    toast(`${copy.sku} could not be copied`);
    return;
  }
  await noteCopied(shown, words);
}
