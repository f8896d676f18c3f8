import type { Thumbnail } from '../../electron/contract/catalog.ts';
import { engine } from './client.ts';
import { useConnection } from './connection.ts';
import { OnDemand, retryWithEachEngine, useOnDemand } from './on-demand.ts';

/** Object URLs by id. A picture on screen is never revoked, because many more are kept than any window shows. */
const urls = new OnDemand<string, string>({
  most: 3000,
  // Few enough that the top of a fast scroll is painted before the bottom is requested.
  batch: 48,
  fetch: async (ids) => {
    const { thumbnails } = await engine.thumbnails({ ids });
    return thumbnails.map((each) => [each.id, pictureUrl(each.bytes, 'image/webp')] as const);
  },
  dispose: (url) => URL.revokeObjectURL(url),
});

/** An object URL of a picture's bytes. Its owner revokes it. */
export function pictureUrl(bytes: Uint8Array, type: string): string {
  return URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type }));
}

/** Keeps thumbnails that came with an answer, so that they need not be requested. */
export function keepThumbnails(thumbnails: readonly Thumbnail[]): void {
  for (const { id, bytes } of thumbnails) {
    if (!urls.get(id)) urls.keep(id, pictureUrl(bytes, 'image/webp'));
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

/** The object URL of a thumbnail; undefined until it has been fetched. */
export function thumbnailUrl(id: string): string | undefined {
  return urls.get(id);
}

/** Like `thumbnailUrl`, in a component, which requests the thumbnail while it is drawn. */
export function useThumbnail(id: string): string | undefined {
  return useOnDemand(urls, id);
}
