import { Search, X } from 'lucide-react';
import { useEffect, useState } from 'react';
import { Picture } from '../engine/picture.tsx';
import {
  aboutKept,
  type KeptSearch,
  openKeptSearch,
  removeKeptSearch,
  restoreKeptSearch,
  useKeptSearches,
} from './kept-searches.ts';
import './kept-list.css';

function PhotoThumbnail({ thumbnail }: { thumbnail: Blob }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const created = URL.createObjectURL(thumbnail);
    setUrl(created);
    return () => URL.revokeObjectURL(created);
  }, [thumbnail]);
  return url ? <img src={url} alt="" draggable={false} /> : null;
}

function Mark({ query }: { query: KeptSearch['query'] }) {
  return (
    <span className="kept-mark" aria-hidden>
      {query.kind === 'photo' && query.thumbnail ? (
        <PhotoThumbnail thumbnail={query.thumbnail} />
      ) : query.kind === 'product' ? (
        <Picture id={query.product.thumbnail} alt="" />
      ) : (
        <Search />
      )}
    </span>
  );
}

function Kept({ search, onRemove }: { search: KeptSearch; onRemove: () => void }) {
  const about = aboutKept(search);
  return (
    <>
      <button type="button" className="kept-open" onClick={() => openKeptSearch(search)}>
        <Mark query={search.query} />
        <span className="kept-words">
          <bdi className="kept-name">{search.name}</bdi>
          {about && <bdi className="label">{about}</bdi>}
        </span>
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={`Remove ${search.name}`}
        title="Remove"
        onClick={onRemove}
      >
        <X aria-hidden />
      </button>
    </>
  );
}

/** The searches that were kept, which can be opened with one click. One that was just removed can be taken back. */
export function KeptSearches() {
  const { searches } = useKeptSearches();
  const [removed, setRemoved] = useState<KeptSearch | null>(null);
  if (searches.length === 0 && !removed) return null;
  const remove = async (search: KeptSearch) => {
    await removeKeptSearch(search.id);
    setRemoved(search);
  };
  const takeBack = async (search: KeptSearch) => {
    await restoreKeptSearch(search);
    setRemoved(null);
  };
  return (
    <section className="kept" aria-label="Kept searches">
      <h2 className="label">Kept</h2>
      <ul className="kept-list">
        {searches.map((search) => (
          <li key={search.id}>
            <Kept search={search} onRemove={() => void remove(search)} />
          </li>
        ))}
      </ul>
      {removed && (
        <p className="kept-removed label" role="status">
          <bdi>{removed.name}</bdi> removed.
          <button type="button" className="link-quiet label" onClick={() => void takeBack(removed)}>
            Undo
          </button>
        </p>
      )}
    </section>
  );
}
