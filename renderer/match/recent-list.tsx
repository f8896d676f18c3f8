import { Search } from 'lucide-react';
import { useEffect, useState } from 'react';
import { matchRecent } from './query-actions.ts';
import { clearRecents, type RecentPhoto, type RecentWords, useRecents } from './recents.ts';
import type { Words } from './words.ts';
import './recent-list.css';

function spoken({ text, without }: Words): string {
  return [text, without && `without ${without}`].filter(Boolean).join(' ');
}

function Photo({ recent }: { recent: RecentPhoto }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const created = URL.createObjectURL(recent.thumbnail);
    setUrl(created);
    return () => URL.revokeObjectURL(created);
  }, [recent.thumbnail]);
  const words = spoken(recent.words);
  const name = words ? `${recent.name}, with ${words}` : recent.name;
  return (
    <button
      type="button"
      className="recent"
      title={name}
      aria-label={`Match ${name} again`}
      onClick={() => matchRecent(recent)}
    >
      {url && <img src={url} alt="" draggable={false} />}
      {words && <span className="recent-words">{words}</span>}
    </button>
  );
}

function TypedWords({ recent }: { recent: RecentWords }) {
  const words = spoken(recent.words);
  return (
    <button
      type="button"
      className="recent-chip"
      title={words}
      aria-label={`Search “${words}” again`}
      onClick={() => matchRecent(recent)}
    >
      <Search aria-hidden />
      <bdi>{words}</bdi>
    </button>
  );
}

/** The recent photos and texts, which can be searched again with one click. */
export function Recents() {
  const { photos, words } = useRecents();
  if (photos.length + words.length === 0) return null;
  return (
    <section aria-label="Recent">
      <div className="recents-head">
        <h2 className="label">Recent</h2>
        <button type="button" className="link-quiet label" onClick={() => void clearRecents()}>
          Clear
        </button>
      </div>
      {words.length > 0 && (
        <ul className="recents-words">
          {words.map((recent) => (
            <li key={recent.id}>
              <TypedWords recent={recent} />
            </li>
          ))}
        </ul>
      )}
      {photos.length > 0 && (
        <ul className="recents-list">
          {photos.map((recent) => (
            <li key={recent.id}>
              <Photo recent={recent} />
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
