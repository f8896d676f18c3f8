import type { FeedSource } from '../../electron/contract/publishing.ts';
import { useConnection } from '../engine/connection.ts';
import { useSnapshots } from './snapshots.ts';
import { feedOf } from './source-list.tsx';
import { useSources } from './sources.ts';
import type { Feed } from './sync.ts';

/** Where what is live came from, to be imported again; null where nothing says so. */
export function useLiveFeed(): Feed | null {
  const live = useConnection((state) => state.status?.snapshot);
  // Where nothing is whole, what was published last.
  const newest = useSnapshots((state) => state.snapshots?.[0]);
  const snapshot = live ?? newest;
  const sources = useSources((state) => state.sources);
  if (!snapshot?.source) return null;
  const saved = sources?.find(({ source }) => addressOf(source.location) === snapshot.source);
  if (saved) return feedOf(saved);
  const isUrl = /^https?:\/\//i.test(snapshot.source);
  const source: FeedSource = isUrl
    ? { kind: 'url', url: snapshot.source }
    : { kind: 'file', path: snapshot.source };
  return { name: snapshot.name, request: { source } };
}

function addressOf(location: FeedSource): string | null {
  if (location.kind === 'url') return location.url;
  return location.kind === 'file' ? location.path : null;
}
