import { createStore, del, entries, set as put } from 'idb-keyval';
import { z } from 'zod';
import { create } from 'zustand';
import { type CropBox, cropBox } from '../../electron/contract/schemas.ts';

const KEPT = 12;
const THUMBNAIL_PX = 160;

const recent = z.object({
  /** sha256 of the photo's bytes: the same photo twice is one entry. */
  id: z.string(),
  name: z.string(),
  photo: z.instanceof(Blob),
  thumbnail: z.instanceof(Blob),
  crop: cropBox.nullable(),
  /** Milliseconds since the epoch. */
  usedAt: z.number(),
});
export type Recent = z.infer<typeof recent>;

const database = createStore('lookalike', 'recents');

/** The last photos that were matched, newest first. They stay on this machine, in IndexedDB. */
export const useRecents = create<{ recents: readonly Recent[] }>(() => ({ recents: [] }));

async function load(): Promise<void> {
  const stored = await entries(database);
  const recents = stored
    .flatMap(([, value]) => recent.safeParse(value).data ?? [])
    .sort((a, b) => b.usedAt - a.usedAt);
  useRecents.setState({ recents: recents.slice(0, KEPT) });
  await Promise.all(recents.slice(KEPT).map(({ id }) => del(id, database)));
}

/** Puts a photo first among the recents. @param url where the page shows it from, for the small picture. */
export async function remember(photo: Blob, name: string, url: string, crop: CropBox | null): Promise<void> {
  // At once: the page may let go of the URL while the hash is made.
  const [id, thumbnail] = await Promise.all([sha256(photo), shrink(url)]);
  await put(id, { id, name, photo, thumbnail, crop, usedAt: Date.now() } satisfies Recent, database);
  await load();
}

export async function clearRecents(): Promise<void> {
  await Promise.all(useRecents.getState().recents.map(({ id }) => del(id, database)));
  await load();
}

async function sha256(photo: Blob): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', await photo.arrayBuffer());
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}

async function shrink(url: string): Promise<Blob> {
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

// A browser that refuses storage only loses the recents.
load().catch((error) => console.warn('recents', error));
