import { toast } from '../page/toast.ts';

/** Puts a SKU on the clipboard and says so. */
export async function copySku(sku: string): Promise<void> {
  try {
    await navigator.clipboard.writeText(sku);
    toast(`SKU ${sku} copied`);
  } catch {
    toast(`SKU ${sku} could not be copied`);
  }
}
