import { create } from 'zustand';
import { asLookalikeError, engine } from '../engine/client.ts';
import { failPhoto, matchPhoto } from '../match/query-actions.ts';
import type { FolderPictures } from './dropped-folder.ts';

/** Something that was dropped or pasted and needs the person's decision first. */
export type Offer =
  | { kind: 'address'; url: URL }
  | { kind: 'fetching'; url: URL }
  | (FolderPictures & { kind: 'folder'; path: string });

export const useOffer = create<{ offer: Offer | null }>(() => ({ offer: null }));

let fetching: AbortController | null = null;

export function offer(next: Offer): void {
  fetching?.abort();
  useOffer.setState({ offer: next });
}

export function dismissOffer(): void {
  fetching?.abort();
  useOffer.setState({ offer: null });
}

/** Fetches a picture from the web after the person has agreed, and matches it. */
export async function fetchAndMatch(url: URL): Promise<void> {
  fetching?.abort();
  fetching = new AbortController();
  const { signal } = fetching;
  useOffer.setState({ offer: { kind: 'fetching', url } });
  try {
    const { bytes } = await engine.fetchPicture({ url: url.href }, { signal });
    if (signal.aborted) return;
    useOffer.setState({ offer: null });
    await matchPhoto(new Blob([new Uint8Array(bytes)]), nameOf(url));
  } catch (error) {
    if (signal.aborted) return;
    useOffer.setState({ offer: null });
    failPhoto(asLookalikeError(error));
  }
}

/** The last part of the address, which is how browsers name saved files. */
function nameOf({ pathname, hostname }: URL): string {
  const last = pathname.split('/').at(-1) ?? '';
  return last === '' ? hostname : last;
}
