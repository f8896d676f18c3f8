import { createHash } from 'node:crypto';
import { readFile, stat } from 'node:fs/promises';
import type { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';
import { MOST_PICTURE_BYTES } from '../../contract/limits.ts';
import type { CropBox, Photo, searchRequest } from '../../contract/search.ts';

/** A request with its defaults filled in. */
export type ParsedRequest = z.output<typeof searchRequest>;

/** The picture of a query. Two pictures with the same identity have the same vector. */
export type QueryPicture =
  | { kind: 'photos'; identity: string; photos: QueryPhotos }
  | { kind: 'product'; identity: string; product: string };

/** Photos of one item; most queries have one. */
export type QueryPhotos = readonly [QueryPhoto, ...QueryPhoto[]];

/** Two photos with the same identity have the same vector. */
export interface QueryPhoto {
  identity: string;
  /** sha256 of the photo's bytes, hex. */
  hash: string;
  bytes: Uint8Array;
  /** Null is the whole photo, whose subject is not looked for. */
  crop: CropBox | 'auto' | 'whole' | null;
}

/**
 * The picture of a query; null when the query is text alone.
 * @throws LookalikeError IMAGE_MISSING, IMAGE_TOO_LARGE
 */
export async function readPicture(query: ParsedRequest['query']): Promise<QueryPicture | null> {
  if (query.kind === 'words') return null;
  if (query.kind === 'product') {
    const { productId: product } = query;
    return { kind: 'product', identity: `product ${product}`, product };
  }
  const crop = query.crop ?? null;
  const first = await readPhoto(query.photo, crop);
  const others: QueryPhoto[] = [];
  // A box is drawn on one photo.
  for (const photo of query.also)
    others.push(await readPhoto(photo, typeof crop === 'object' && crop ? 'whole' : crop));
  const photos: QueryPhotos = [first, ...others];
  return { kind: 'photos', identity: photos.map(({ identity }) => identity).join(' '), photos };
}

/** @throws LookalikeError IMAGE_MISSING, IMAGE_TOO_LARGE */
export async function readPhoto(photo: Photo, crop: QueryPhoto['crop']): Promise<QueryPhoto> {
  const bytes = await photoBytes(photo);
  const hash = createHash('sha256').update(bytes).digest('hex');
  return withCrop({ hash, bytes }, crop);
}

/** The photo, or a part of it. */
export function withCrop(
  { hash, bytes }: Omit<QueryPhoto, 'identity' | 'crop'>,
  crop: QueryPhoto['crop'],
): QueryPhoto {
  return { identity: `photo ${hash} ${JSON.stringify(crop)}`, hash, bytes, crop };
}

/** A query's text, and how much it counts beside the picture: 1 without a picture. */
export interface CountedWords {
  text: string;
  balance: number;
}

/** Null when the query has no text, or the text counts nothing beside the picture. */
export function countedWords(query: ParsedRequest['query']): CountedWords | null {
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
