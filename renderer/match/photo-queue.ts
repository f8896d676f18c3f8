import { create } from 'zustand';
import { MOST_QUERY_PHOTOS } from '../../electron/contract/limits.ts';
import { asLookalikeError } from '../engine/client.ts';
import { useMatch } from './match.ts';
import { readBytes } from './photo.ts';
import { failPhoto, matchPhoto, setAlso } from './query-actions.ts';

interface PhotoQueue {
  files: readonly File[];
  /** Index of the current photo. */
  at: number;
  /** Number of files among them that are not pictures. */
  leftOut: number;
}

const NONE: PhotoQueue = { files: [], at: 0, leftOut: 0 };

/**
 * Several photos that were dropped together, to be matched one after another. The queue is active only while its photo is
 * the query: another photo ends it.
 */
export const usePhotoQueue = create<PhotoQueue>(() => NONE);

/** Matches the first of several photos; the others wait for `stepQueue`. */
export function matchFirst(files: readonly File[], leftOut: number): void {
  usePhotoQueue.setState({ files, at: 0, leftOut });
  matchAt(0);
}

/** Goes to the next photo (1) or the previous one (-1); does nothing at the ends. */
export function stepQueue(by: 1 | -1): void {
  const { files, at } = usePhotoQueue.getState();
  const next = at + by;
  if (next < 0 || next >= files.length) return;
  usePhotoQueue.setState({ at: next });
  matchAt(next);
}

/** Whether the photos are few enough to be one query: of one item, from several sides. */
export const canJoin = (photos: number): boolean => photos > 1 && photos <= MOST_QUERY_PHOTOS;

/** Searches with all of the photos as one item; the current one is the first of them. */
export async function joinQueue(): Promise<void> {
  const { files, at } = usePhotoQueue.getState();
  try {
    const also = await Promise.all(files.filter((_, index) => index !== at).map(readBytes));
    const { query } = useMatch.getState();
    if (query?.kind === 'photo' && query.file === files[at]) setAlso(also);
  } catch (error) {
    failPhoto(asLookalikeError(error));
  }
}

/** Searches with the current photo alone again. */
export const partQueue = (): void => setAlso([]);

function matchAt(at: number): void {
  const file = usePhotoQueue.getState().files[at];
  if (file) void matchPhoto(file, file.name);
}
