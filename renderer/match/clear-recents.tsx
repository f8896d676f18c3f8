import { toast } from '../page/toast.ts';
import { clearRecents, useRecents } from './recents.ts';

/** Deletes the recent photos and searches. It is one of the settings. */
export function ClearRecents() {
  const recents = useRecents(({ photos, words }) => photos.length + words.length);
  const clear = async () => {
    await clearRecents();
    toast('Recent photos and searches cleared');
  };
  return (
    <>
      <h2>Recent</h2>
      <p className="label">The last photos and searches are kept on this machine only.</p>
      <button type="button" className="button" disabled={recents === 0} onClick={() => void clear()}>
        Clear recent
      </button>
    </>
  );
}
