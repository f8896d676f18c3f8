import { LookalikeError } from '../../electron/contract/errors.ts';
import { MOST_PICTURE_BYTES } from '../../electron/contract/limits.ts';
import type { PhotoFacts } from '../../electron/contract/search.ts';
import { engine } from '../engine/client.ts';

export interface PhotoView {
  /** An object URL; the owner of the view revokes it. */
  url: string;
  width: number;
  height: number;
}

/** Throws IMAGE_TOO_LARGE, before a byte is read, or IMAGE_UNREADABLE when the file is missing or must not be read. */
export async function readBytes(file: Blob): Promise<Uint8Array<ArrayBuffer>> {
  if (file.size > MOST_PICTURE_BYTES) throw new LookalikeError('IMAGE_TOO_LARGE');
  try {
    return new Uint8Array(await file.arrayBuffer());
  } catch (cause) {
    throw new LookalikeError({ code: 'IMAGE_UNREADABLE', params: { reason: 'not-opened' } }, { cause });
  }
}

/**
 * An object URL for showing the photo, and the upright photo's size in pixels. A format that the browser cannot show (HEIC,
 * TIFF) is shown with the engine's preview.
 */
export async function showable(file: Blob, bytes: Uint8Array<ArrayBuffer>): Promise<PhotoView> {
  const url = URL.createObjectURL(file);
  try {
    const image = await loaded(url);
    return { url, width: image.naturalWidth, height: image.naturalHeight };
  } catch {
    URL.revokeObjectURL(url);
    return preview(bytes);
  }
}

/** Only the size is read: to decode the photo here too would take time from the engine, and it is decoded when it is painted. */
function loaded(url: string): Promise<HTMLImageElement> {
  const image = new Image();
  return new Promise((resolve, reject) => {
    image.onload = () => resolve(image);
    image.onerror = reject;
    image.src = url;
  });
}

/**
 * Whether the browser may show a photo differently than the engine decodes it, so that crops would be in the wrong place, or may show
 * nothing of a file that breaks off. Both apply a JPEG's EXIF in the same way; in other formats browsers may ignore it.
 */
export function looksOtherwise(
  view: PhotoView,
  file: Blob,
  { width, height, turned, incomplete }: PhotoFacts,
): boolean {
  const sameSize = view.width === width && view.height === height;
  return !sameSize || incomplete || (turned && file.type !== 'image/jpeg');
}

/** The photo as the engine decodes it: upright, at most 1600 px. */
export async function preview(bytes: Uint8Array<ArrayBuffer>): Promise<PhotoView> {
  const made = await engine.preview({ photo: { bytes } });
  const webp = new Blob([new Uint8Array(made.bytes)], { type: 'image/webp' });
  return { url: URL.createObjectURL(webp), width: made.width, height: made.height };
}

/** Edge of a thumbnail, in pixels. */
const THUMBNAIL_PX = 160;

/** The middle square of a photo that the page shows from this URL, as WebP. */
export async function thumbnailOf(url: string): Promise<Blob> {
  const image = new Image();
  image.src = url;
  await image.decode();
  const scale = THUMBNAIL_PX / Math.min(image.naturalWidth, image.naturalHeight);
  const canvas = new OffscreenCanvas(THUMBNAIL_PX, THUMBNAIL_PX);
  const context = canvas.getContext('2d');
  const width = image.naturalWidth * scale;
  const height = image.naturalHeight * scale;
  context?.drawImage(image, (THUMBNAIL_PX - width) / 2, (THUMBNAIL_PX - height) / 2, width, height);
  return canvas.convertToBlob({ type: 'image/webp', quality: 0.8 });
}
