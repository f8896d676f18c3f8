import { engine } from '../engine/client.ts';

/** A product's picture as other programs take it: the catalog's own are WebP. @throws Error when it is not in the catalog */
export async function productPicture(thumbnail: string, type: 'image/png' | 'image/jpeg'): Promise<Blob> {
  const { thumbnails } = await engine.thumbnails({ ids: [thumbnail] });
  const [found] = thumbnails;
  if (!found) throw new Error('The picture is not in the catalog.');
  const bitmap = await createImageBitmap(new Blob([new Uint8Array(found.bytes)], { type: 'image/webp' }));
  const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
  const context = canvas.getContext('2d');
  if (!context) throw new Error('no canvas');
  // JPEG has no transparency.
  context.fillStyle = 'white';
  context.fillRect(0, 0, bitmap.width, bitmap.height);
  context.drawImage(bitmap, 0, 0);
  return canvas.convertToBlob({ type, quality: 0.92 });
}

export function dataAddress(blob: Blob): Promise<string> {
  return new Promise((resolve, reject) => {
    const reader = new FileReader();
    reader.onload = () => resolve(String(reader.result));
    reader.onerror = () => reject(reader.error);
    reader.readAsDataURL(blob);
  });
}
