import { useEffect, useState } from 'react';
import { matchRecent } from '../store/match.ts';
import { clearRecents, type Recent, useRecents } from '../store/recents.ts';
import './recents.css';

function RecentPhoto({ recent }: { recent: Recent }) {
  const [url, setUrl] = useState<string>();
  useEffect(() => {
    const created = URL.createObjectURL(recent.thumbnail);
    setUrl(created);
    return () => URL.revokeObjectURL(created);
  }, [recent.thumbnail]);
  return (
    <button
      type="button"
      className="recent"
      title={recent.name}
      aria-label={`Match ${recent.name} again`}
      onClick={() => void matchRecent(recent)}
    >
      {url && <img src={url} alt="" draggable={false} />}
    </button>
  );
}

/** The last photos, one click from being matched again. */
export function Recents() {
  const recents = useRecents((state) => state.recents);
  if (recents.length === 0) return null;
  return (
    <>
      <div className="recents-head">
        <h2 className="label">Recent</h2>
        <button type="button" className="link-quiet label" onClick={() => void clearRecents()}>
          Clear
        </button>
      </div>
      <ul className="recents-list">
        {recents.map((recent) => (
          <li key={recent.id}>
            <RecentPhoto recent={recent} />
          </li>
        ))}
      </ul>
    </>
  );
}
