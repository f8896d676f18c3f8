import type { Table } from '@lancedb/lancedb';
import { LRUCache } from 'lru-cache';
import type { Thumbnail } from '../../contract/catalog.ts';
import { LookalikeError } from '../../contract/errors.ts';

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
 * Thumbnails (WebP bytes) of a version of a table, by image hash. Those that the version does not have are left out.
 * @param addressOf Lance's number of a row that shows the picture
 * @throws LookalikeError CATALOG_UNREADABLE
 */
export async function readThumbnails(
  imageHashes: readonly string[],
  table: Table,
  addressOf: (imageHash: string) => number | undefined,
  cache: ThumbnailCache,
): Promise<Thumbnail[]> {
  // Another snapshot may have had others.
  const known = imageHashes.filter((id) => addressOf(id) !== undefined);
  const missing = known.filter((id) => !cache.has(id));
  // A cache that is full forgets, so what was read now is not taken from there.
  const found = new Map<string, Uint8Array<ArrayBuffer>>();
  if (missing.length > 0) {
    const rowIds = missing.map((id) => BigInt(addressOf(id) ?? 0));
    const blobs = await reading(table.fetchBlobs('thumbnail', rowIds));
    for (const [i, id] of missing.entries()) {
      const blob = blobs[i];
      // A copy: a Buffer may be a view on a larger pool, all of which would cross the port with it.
      if (blob) found.set(id, Uint8Array.from(blob));
    }
  }
  for (const [id, bytes] of found) cache.set(id, bytes);
  return known.flatMap((id) => {
    const bytes = found.get(id) ?? cache.get(id);
    return bytes ? [{ id, bytes }] : [];
  });
}

/** A file that was whole when the snapshot was read can be damaged later. */
function reading<T>(work: Promise<T>): Promise<T> {
  return work.catch((cause: unknown) => {
    throw new LookalikeError('CATALOG_UNREADABLE', { cause });
  });
}
