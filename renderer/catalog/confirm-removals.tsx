import { useState } from 'react';
import { formatCounted } from '../ui/format.ts';
import { Note } from '../ui/note.tsx';
import { type Feed, syncFeed } from './sync.ts';

interface ConfirmRemovalsProps {
  /** A sentence with the number of removed products and of all products. */
  words: string;
  /** Null when only the sentence has the number. */
  removed: number | null;
  feed: Feed;
}

/** Asks for confirmation when a sync would remove many products. */
export function ConfirmRemovals({ words, removed, feed }: ConfirmRemovalsProps) {
  const [sure, setSure] = useState(false);
  const them = removed === null ? 'them' : formatCounted(removed, 'product');
  return (
    <Note
      tone="doubt"
      actions={
        <>
          <label className="checkbox">
            <input type="checkbox" checked={sure} onChange={({ target }) => setSure(target.checked)} />
            Yes, remove {them}
          </label>
          <button
            type="button"
            className="button primary"
            disabled={!sure}
            onClick={() => void syncFeed(feed, { confirmRemovals: true })}
          >
            {sure ? `Publish and remove ${them}` : 'Publish'}
          </button>
        </>
      }
    >
      {words}
    </Note>
  );
}
