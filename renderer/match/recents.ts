import { clear, createStore, delMany, entries, set as put } from 'idb-keyval';
import { z } from 'zod';
import { create } from 'zustand';
import { cropBox } from '../../electron/contract/search.ts';
import { thumbnailOf } from './photo.ts';
import type { PhotoQuery } from './query.ts';
import { settled, type Words } from './words.ts';

/** Entries of each kind that are kept. */
const KEPT = { photo: 12, words: 6 };

const words = z.object({ text: z.string(), without: z.string() });
/** Milliseconds since the epoch. */
const usedAt = z.number();

const recentPhoto = z.object({
  kind: z.literal('photo'),
  /** sha256 of the photo's bytes, so that the same photo is one entry. */
  id: z.string(),
  name: z.string(),
  photo: z.instanceof(Blob),
  thumbnail: z.instanceof(Blob),
  crop: z.union([cropBox, z.literal('auto')]).nullable(),
  words,
  balance: z.number().min(0).max(1),
  usedAt,
});
export type RecentPhoto = z.infer<typeof recentPhoto>;

const recentWords = z.object({
  kind: z.literal('words'),
  /** The text itself. */
  id: z.string(),
  words,
  usedAt,
});
export type RecentWords = z.infer<typeof recentWords>;

const recent = z.discriminatedUnion('kind', [recentPhoto, recentWords]);
export type Recent = z.infer<typeof recent>;

const database = createStore('lookalike', 'recents');

/** The recent queries, newest first. They stay on this machine, in IndexedDB. */
export const useRecents = create<{ photos: readonly RecentPhoto[]; words: readonly RecentWords[] }>(() => ({
  photos: [],
  words: [],
}));

async function load(): Promise<void> {
  const stored = await entries(database);
  const recents = stored
    .flatMap(([, value]) => recent.safeParse(value).data ?? [])
    .sort((a, b) => b.usedAt - a.usedAt);
  const photos = recents.filter((each) => each.kind === 'photo').slice(0, KEPT.photo);
  const words = recents.filter((each) => each.kind === 'words').slice(0, KEPT.words);
  useRecents.setState({ photos, words });
  const kept = new Set<IDBValidKey>([...photos, ...words].map(({ id }) => id));
  const gone = stored.map(([id]) => id).filter((id) => !kept.has(id));
  await delMany(gone, database);
}

/** Adds a photo as the most recent one. @param url where the page shows it from, for the thumbnail */
export async function rememberPhoto(query: PhotoQuery, url: string): Promise<void> {
  const { file: photo, name, crop, words, balance } = query;
  // Starts at once: the page may revoke the URL while the hash is computed.
  const [id, thumbnail] = await Promise.all([sha256(photo), thumbnailOf(url)]);
  const entry: RecentPhoto = {
    kind: 'photo',
    id,
    name,
    photo,
    thumbnail,
    crop,
    words: settled(words),
    balance,
    usedAt: Date.now(),
  };
  await put(id, entry, database);
  await load();
}

/** Adds a text as the most recent one. */
export async function rememberWords(asked: Words): Promise<void> {
  const id = JSON.stringify([asked.text, asked.without]);
  const entry: RecentWords = { kind: 'words', id, words: asked, usedAt: Date.now() };
  await put(id, entry, database);
  await load();
}

export async function clearRecents(): Promise<void> {
  await clear(database);
  await load();
}

async function sha256(photo: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await photo.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

/** The recent photo with this name and size in bytes. */
export function photoLike(name: string, bytes: number): RecentPhoto | undefined {
  return useRecents.getState().photos.find((each) => each.name === name && each.photo.size === bytes);
}

let loaded: Promise<void> | undefined;

/** Loads the recent queries, once. If the browser refuses storage, only these are lost. */
export function startRecents(): Promise<void> {
  loaded ??= load().catch((error: unknown) => console.warn('recents', error));
  return loaded;
}
