import { LRUCache } from 'lru-cache';
import { useCallback, useSyncExternalStore } from 'react';
import type { Thumbnail } from '../../electron/contract/catalog.ts';
import { asLookalikeError, engine, engineState } from './client.ts';
import { useConnection } from './connection.ts';

/** Thumbnails in memory: many times what any window shows at once, so that a picture on screen is never revoked. */
const KEPT = 3000;
/** Thumbnails per call: few enough that the top of a fast scroll is painted before the bottom is requested. */
const BATCH = 48;

const urls = new LRUCache<string, string>({ max: KEPT, dispose: (url) => URL.revokeObjectURL(url) });
const wanted = new Map<string, Set<() => void>>();
/** Thumbnails that no kept snapshot has. */
const absent = new Set<string>();
let fetching = false;

/** Keeps thumbnails that came with an answer, so that they need not be requested. */
export function keepThumbnails(thumbnails: readonly Thumbnail[]): void {
  for (const { id, bytes } of thumbnails) {
    if (urls.has(id)) continue;
    urls.set(id, URL.createObjectURL(new Blob([new Uint8Array(bytes)], { type: 'image/webp' })));
    for (const notify of wanted.get(id) ?? []) notify();
  }
}

function missing(): string[] {
  const ids: string[] = [];
  for (const id of wanted.keys()) {
    if (!urls.has(id) && !absent.has(id)) ids.push(id);
    if (ids.length === BATCH) break;
  }
  return ids;
}

/** Requests, in batches, what is on screen now. Thumbnails that were scrolled past before their batch are not requested. */
async function fetchMissing(): Promise<void> {
  if (fetching) return;
  fetching = true;
  try {
    for (let ids = missing(); ids.length > 0; ids = missing()) {
      const { thumbnails } = await engine.thumbnails({ ids });
      keepThumbnails(thumbnails);
      for (const id of ids) if (!urls.has(id)) absent.add(id);
    }
  } catch (error) {
    if (asLookalikeError(error).code !== 'ENGINE_STOPPED') console.error('thumbnails', error);
  } finally {
    fetching = false;
  }
}

/** Requests missing thumbnails on screen whenever there is another engine or another snapshot. */
export function startThumbnails(): void {
  engineState.subscribe((state) => {
    if (state.phase === 'ready') void fetchMissing();
  });

  // Another snapshot may have thumbnails that the previous one lacked.
  useConnection.subscribe(({ status }, before) => {
    if (status?.snapshot?.version === before.status?.snapshot?.version || absent.size === 0) return;
    absent.clear();
    void fetchMissing();
  });
}

/**
 * Requests a thumbnail that is not loaded yet. `notify` is called when it is.
 * @returns a function that cancels the request
 */
export function wantThumbnail(id: string, notify: () => void): () => void {
  const listeners = wanted.get(id) ?? new Set();
  wanted.set(id, listeners.add(notify));
  // By the next task, all pictures on screen have requested their thumbnails.
  if (!urls.has(id)) setTimeout(fetchMissing);
  return () => {
    listeners.delete(notify);
    if (listeners.size === 0) wanted.delete(id);
  };
}

/** The object URL of a thumbnail; undefined until it has been fetched. */
export function thumbnailUrl(id: string): string | undefined {
  return urls.get(id);
}

/** Like `thumbnailUrl`, in a component, which requests the thumbnail while it is drawn. */
export function useThumbnail(id: string): string | undefined {
  const subscribe = useCallback((notify: () => void) => wantThumbnail(id, notify), [id]);
  return useSyncExternalStore(subscribe, () => thumbnailUrl(id));
}
