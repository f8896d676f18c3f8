import type { Table } from '@lancedb/lancedb';
import { LRUCache } from 'lru-cache';
import type { Thumbnail } from '../../contract/catalog.ts';

/** Thumbnails in the cache, 8 KB each. Lance takes as long for some as for one, so every miss costs an answer 2 ms. */
const MOST_BYTES = 32e6;

export type ThumbnailCache = LRUCache<string, Uint8Array<ArrayBuffer>>;

/** A picture's hash is that of its bytes, so all snapshots can share the cache. */
export function thumbnailCache(): ThumbnailCache {
  return new LRUCache<string, Uint8Array<ArrayBuffer>>({
    maxSize: MOST_BYTES,
    sizeCalculation: (bytes) => bytes.byteLength + 1,
  });
}

/**
 * Thumbnails (WebP bytes) by image hash. Those that are missing or cannot be read are left out: an answer with a missing
 * picture is better than none.
 * @param pictures the table of pictures; null when it cannot be opened
 * @param addressOf Lance's address of a picture's row
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
  // A full cache drops entries, so thumbnails that were just read are not taken from the cache.
  const found = new Map<string, Uint8Array<ArrayBuffer>>();
  if (missing.length > 0 && pictures) {
    const rowIds = missing.map(({ rowId }) => rowId);
    const blobs = await pictures.fetchBlobs('thumbnail', rowIds).catch((error: unknown) => {
      console.error(error);
      return [];
    });
    for (const [i, { id }] of missing.entries()) {
      const blob = blobs[i];
      // Copied: a Buffer may be a view of a larger pool, which would be sent through the port as a whole.
      if (blob) found.set(id, Uint8Array.from(blob));
    }
  }
  for (const [id, bytes] of found) cache.set(id, bytes);
  return imageHashes.flatMap((id) => {
    const bytes = found.get(id) ?? cache.get(id);
    return bytes ? [{ id, bytes }] : [];
  });
}
