import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';
import { MOST_PICTURE_BYTES } from '../../contract/limits.ts';
import type { CropBox, Photo, searchRequest } from '../../contract/search.ts';

/** A request as it was parsed, its defaults filled in. */
export type Asked = z.output<typeof searchRequest>;

/** A query's picture, told from all others: two with one identity have one vector. */
export type QueryPicture = QueryPhoto | { kind: 'product'; identity: string; productId: string };

export interface QueryPhoto {
  kind: 'photo';
  identity: string;
  bytes: Uint8Array;
  /** Null is all of it. */
  crop: CropBox | 'auto' | null;
}

/**
 * The picture of a query; null when it is words alone.
 * @throws LookalikeError IMAGE_MISSING, IMAGE_TOO_LARGE
 */
export async function readPicture(query: Asked['query']): Promise<QueryPicture | null> {
  if (query.kind === 'words') return null;
  if (query.kind === 'product') {
    const { productId } = query;
    return { kind: 'product', identity: `product ${productId}`, productId };
  }
  const bytes = await photoBytes(query.photo);
  const hash = createHash('sha256').update(bytes).digest('hex');
  const crop = query.crop ?? null;
  return { kind: 'photo', identity: `photo ${hash} ${JSON.stringify(crop)}`, bytes, crop };
}

/** A query's words, and how much they count: 1 without a picture. */
export interface CountedWords {
  text: string;
  balance: number;
}

/** Null when there are no words, or they count nothing beside the picture. */
export function countedWords(query: Asked['query']): CountedWords | null {
  if (query.kind === 'words') return { text: query.words, balance: 1 };
  const { words, balance } = query;
  return words === undefined || balance === 0 ? null : { text: words, balance };
}

/**
 * The bytes of a photo that came as bytes or as a path.
 * @throws LookalikeError IMAGE_MISSING, IMAGE_TOO_LARGE
 */
export async function photoBytes(photo: Photo): Promise<Uint8Array> {
  if ('bytes' in photo) return photo.bytes;
  try {
    const info = await stat(photo.path);
    if (info.size > MOST_PICTURE_BYTES) throw new LookalikeError('IMAGE_TOO_LARGE', { item: photo.path });
    return await readFile(photo.path);
  } catch (cause) {
    if (cause instanceof LookalikeError) throw cause;
    const params = { at: photo.path, reason: { kind: 'no-file' }, proxy: null } as const;
    throw new LookalikeError({ code: 'IMAGE_MISSING', params }, { item: photo.path, cause });
  }
}
