import { create } from 'zustand';
import { LookalikeError } from '../../electron/contract/errors.ts';
import { MOST_QUERY_PHOTOS } from '../../electron/contract/limits.ts';
import { itemOfPhoto } from '../../electron/contract/search.ts';
import { asLookalikeError } from '../engine/client.ts';
import { useMatch } from './match.ts';
import { readBytes } from './photo.ts';
import type { PhotoQuery, Query } from './query.ts';
import {
  type Controls,
  failFurtherPhoto,
  matchPhoto,
  type PhotoAsked,
  plainPhoto,
  setAlso,
} from './query-actions.ts';

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

/** The first photo is on its way to be the query: whoever is quick may step already. */
let isBeginning = false;

/** Matches the first of several photos; the others wait for `stepQueue`. */
export function matchFirst(files: readonly File[], leftOut: number): void {
  usePhotoQueue.setState({ files, at: 0, leftOut });
  const [first] = files;
  if (!first) return;
  isBeginning = true;
  void matchPhoto(first, first.name).finally(() => {
    isBeginning = false;
  });
}

/** Matches several photos as one item at once, as they were kept. */
export async function matchTogether(
  files: readonly [File, ...File[]],
  asked: PhotoAsked,
  controls: Partial<Controls>,
): Promise<void> {
  const [first, ...others] = files;
  const also = await Promise.all(others.map(readBytes));
  usePhotoQueue.setState({ files, at: 0, leftOut: 0 });
  await matchPhoto(first, first.name, { ...asked, also }, controls);
}

/** Goes to the next photo (1) or the previous one (-1); does nothing at the ends. */
export function stepQueue(by: 1 | -1): void {
  goTo(usePhotoQueue.getState().at + by);
}

/** The photo of the queue that is searched with, or was before "More like this". */
function photoOfQueue(): PhotoQuery | null {
  const { files } = usePhotoQueue.getState();
  const { query, trail } = useMatch.getState();
  const photo = [query, ...trail].find((each) => each?.kind === 'photo');
  return photo && files.some((file) => file === photo.file) ? photo : null;
}

/** Matches a photo of the queue. What was typed and chosen for the one before stays: whoever steps looks for the same in each. */
function goTo(at: number, files = usePhotoQueue.getState().files): void {
  const file = files[at];
  const before = photoOfQueue();
  const { query, search, filters, colorWeight, sameColor } = useMatch.getState();
  // A photo whose file cannot be opened is not shown, and is passed.
  const isUnread = query === null && search.phase === 'failed';
  if (!file || !(before || isUnread || isBeginning)) return;
  usePhotoQueue.setState({ files, at });
  const { words, balance } = before ?? plainPhoto();
  void matchPhoto(file, file.name, { ...plainPhoto(), words, balance }, { filters, colorWeight, sameColor });
}

/** Whether the photos are few enough to be one query: of one item, from several sides. */
export const canJoin = (photos: number): boolean => photos > 1 && photos <= MOST_QUERY_PHOTOS;

/** The photos in the order in which they are one query: the current one is the first. */
function inOrder({ files, at }: PhotoQueue): readonly File[] {
  return [...files.slice(at, at + 1), ...files.slice(0, at), ...files.slice(at + 1)];
}

/** Searches with all of the photos as one item; the current one is the first of them. */
export async function joinQueue(): Promise<void> {
  const queue = usePhotoQueue.getState();
  const [first, ...others] = inOrder(queue);
  const isCurrent = () => {
    const { query } = useMatch.getState();
    return query?.kind === 'photo' && query.file === first;
  };
  try {
    const also = await Promise.all(others.map((file, i) => readFurther(file, i + 1)));
    if (isCurrent()) setAlso(also);
  } catch (error) {
    if (isCurrent()) failFurtherPhoto(asLookalikeError(error));
  }
}

async function readFurther(file: File, index: number): Promise<Uint8Array<ArrayBuffer>> {
  try {
    return await readBytes(file);
  } catch (cause) {
    throw new LookalikeError(asLookalikeError(cause).fault, { item: itemOfPhoto(index), cause });
  }
}

/** Searches with the current photo alone again. */
export const partQueue = (): void => setAlso([]);

/** Searches without one of the photos: with the others as one item if they were that, or with the next one. */
export function leaveOut(file: File): void {
  const { files, at } = usePhotoQueue.getState();
  const index = files.indexOf(file);
  const rest = files.filter((each) => each !== file);
  if (index < 0 || rest.length === 0) return;
  if (index === at) {
    goTo(Math.min(at, rest.length - 1), rest);
    return;
  }
  usePhotoQueue.setState({ files: rest, at: index < at ? at - 1 : at });
  if (rest.length > 1) void joinQueue();
  else partQueue();
}

/** A photo of the queue as its steps name it. */
export interface QueuedPhoto {
  file: File;
  /** "photo 2 (back.jpg)" */
  name: string;
}

/** The photos of the queue in the order in which they are one query; empty unless one of several is the query. */
export function photosInOrder(queue: PhotoQueue, query: Query | null): readonly QueuedPhoto[] {
  const { files, at } = queue;
  if (files.length < 2 || query?.kind !== 'photo' || files[at] !== query.file) return [];
  return inOrder(queue).map((file) => ({ file, name: `photo ${files.indexOf(file) + 1} (${file.name})` }));
}

export function usePhotosInOrder(): readonly QueuedPhoto[] {
  const queue = usePhotoQueue();
  return photosInOrder(
    queue,
    useMatch((state) => state.query),
  );
}
