import type { Thumbnail } from '../../electron/contract/catalog.ts';
import { engine } from './client.ts';
import { useConnection } from './connection.ts';
import { OnDemand, retryWithEachEngine, useOnDemand } from './on-demand.ts';

/** URLs by id. */
const urls = new OnDemand<string, string>({
  most: 3000,
  // Few enough that the top of a fast scroll is painted before the bottom is requested.
  batch: 48,
  fetch: async (ids) => {
    const { thumbnails } = await engine.thumbnails({ ids });
    return thumbnails.map((each) => [each.id, thumbnailData(each.bytes)] as const);
  },
});

/** Bytes that are converted at once: a call takes so many arguments. */
const CHUNK = 8192;

/**
 * The thumbnail itself as a URL. It is complete as soon as it is set, where the page has to ask another process for the bytes
 * behind an object URL, picture by picture.
 */
function thumbnailData(bytes: Uint8Array): string {
  let text = '';
  for (let at = 0; at < bytes.length; at += CHUNK)
    text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return `data:image/webp;base64,${btoa(text)}`;
}

/** An object URL of a picture's bytes. Its owner revokes it. */
export function pictureUrl(bytes: Uint8Array, type: string): string {
  return URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type }));
}

/** Keeps thumbnails that came with an answer, so that they need not be requested. */
export function keepThumbnails(thumbnails: readonly Thumbnail[]): void {
  for (const { id, bytes } of thumbnails) {
    if (!urls.get(id)) urls.keep(id, thumbnailData(bytes));
  }
}

/** Requests missing thumbnails on screen whenever there is another engine or another snapshot. */
export function startThumbnails(): void {
  retryWithEachEngine(urls);
  // Another snapshot may have thumbnails that the previous one lacked.
  useConnection.subscribe(({ status }, before) => {
    if (status?.snapshot?.version !== before.status?.snapshot?.version) urls.retry();
  });
}

/**
 * Requests a thumbnail that is not loaded yet. `notify` is called when it is.
 * @returns a function that cancels the request
 */
export function wantThumbnail(id: string, notify: () => void): () => void {
  return urls.want(id, notify);
}

/** The URL of a thumbnail; undefined until it has been fetched. */
export function thumbnailUrl(id: string): string | undefined {
  return urls.get(id);
}

/** Like `thumbnailUrl`, in a component, which requests the thumbnail while it is drawn. */
export function useThumbnail(id: string): string | undefined {
  return useOnDemand(urls, id);
}
