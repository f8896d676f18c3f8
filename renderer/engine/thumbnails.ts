import { LRUCache } from 'lru-cache';
import { useCallback, useSyncExternalStore } from 'react';
import type { Thumbnail } from '../../electron/contract/catalog.ts';
import { asLookalikeError, engine, engineState } from './client.ts';
import { useConnection } from './connection.ts';

/** Many times what any window shows at once, so that a picture on screen is never revoked. */
const KEPT = 3000;
/** Small enough that the top of a fast scroll paints before the bottom is asked for. */
const BATCH = 48;

const urls = new LRUCache<string, string>({ max: KEPT, dispose: (url) => URL.revokeObjectURL(url) });
const wanted = new Map<string, Set<() => void>>();
/** Asked for and not there: no kept snapshot has them. */
const absent = new Set<string>();
let fetching = false;

/** Keeps pictures that came with an answer, so that they need not be asked for. */
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

/** Asks in batches for what is on screen now; what was scrolled past before its turn is never asked for. */
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

/** Asks for what is on screen and missing whenever there is another engine or another snapshot. */
export function startThumbnails(): void {
  engineState.subscribe((state) => {
    if (state.phase === 'ready') void fetchMissing();
  });

  // What one snapshot did not have another may.
  useConnection.subscribe(({ status }, before) => {
    if (status?.snapshot?.version === before.status?.snapshot?.version || absent.size === 0) return;
    absent.clear();
    void fetchMissing();
  });
}

/**
 * Asks for a thumbnail that is not here yet; `notify` is called when it is.
 * @returns stops wanting it
 */
export function wantThumbnail(id: string, notify: () => void): () => void {
  const listeners = wanted.get(id) ?? new Set();
  wanted.set(id, listeners.add(notify));
  // A task later, the whole screenful has said what it wants.
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

/** The same in a component, which wants it while it is drawn. */
export function useThumbnail(id: string): string | undefined {
  const subscribe = useCallback((notify: () => void) => wantThumbnail(id, notify), [id]);
  return useSyncExternalStore(subscribe, () => thumbnailUrl(id));
}
