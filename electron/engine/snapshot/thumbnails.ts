import type { Table } from '@lancedb/lancedb';
import { LRUCache } from 'lru-cache';
import type { Thumbnail } from '../../contract/catalog.ts';

/** Thumbnails that are remembered, 8 KB each: for some Lance takes as long as for one, so every miss costs an answer 2 ms. */
const MOST_BYTES = 32e6;

export type ThumbnailCache = LRUCache<string, Uint8Array<ArrayBuffer>>;

/** A picture's hash is that of its bytes, so that all snapshots can share what is remembered. */
export function thumbnailCache(): ThumbnailCache {
  return new LRUCache<string, Uint8Array<ArrayBuffer>>({
    maxSize: MOST_BYTES,
    sizeCalculation: (bytes) => bytes.byteLength + 1,
  });
}

/**
 * Thumbnails (WebP bytes) by image hash. Those that are not there, or cannot be read, are left out: a picture less is better
 * than no answer.
 * @param pictures the table of pictures; null when it cannot be opened
 * @param addressOf Lance's number of a picture's row
 */
export async function readThumbnails(
  imageHashes: readonly string[],
  pictures: Table | null,
  addressOf: (imageHash: string) => number | undefined,
  cache: ThumbnailCache,
): Promise<Thumbnail[]> {
  const missing = imageHashes.flatMap((id) => {
    const address = cache.has(id) ? undefined : addressOf(id);
    return address === undefined ? [] : [{ id, rowId: BigInt(address) }];
  });
  // A cache that is full forgets, so what was read now is not taken from there.
  const found = new Map<string, Uint8Array<ArrayBuffer>>();
  if (missing.length > 0 && pictures) {
    const rowIds = missing.map(({ rowId }) => rowId);
    const blobs = await pictures.fetchBlobs('thumbnail', rowIds).catch((error: unknown) => {
      console.error(error);
      return [];
    });
    for (const [i, { id }] of missing.entries()) {
      const blob = blobs[i];
      // A copy: a Buffer may be a view on a larger pool, all of which would cross the port with it.
      if (blob) found.set(id, Uint8Array.from(blob));
    }
  }
  for (const [id, bytes] of found) cache.set(id, bytes);
  return imageHashes.flatMap((id) => {
    const bytes = found.get(id) ?? cache.get(id);
    return bytes ? [{ id, bytes }] : [];
  });
}
