import { toast } from '../page/toast.ts';
import { pickSize } from './match.ts';
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
export async function copySku(shown: Shown, picked: string | null): Promise<void> {
  const copy = skuToCopy(shown, picked);
  try {
    await navigator.clipboard.writeText(copy.sku);
    toast(copiedWords(copy));
  } catch {
    toast(`${copy.sku} could not be copied`);
  }
}

/** Picks a size of a style and copies its SKU. */
export function copySize(shown: Shown, uid: string): void {
  pickSize(uid);
  void copySku(shown, uid);
}
