import { FolderOpen } from 'lucide-react';
import { usePreferences } from '../page/preferences.ts';
import { formatCounted } from '../ui/format.ts';
import { chooseWatchedFolder, stopWatching, useWatched } from './watched.ts';

/** The folder whose new pictures are matched as they come. It is one of the settings. */
export function WatchedSetting() {
  const folder = usePreferences((state) => state.watchedFolder);
  return (
    <>
      <h2>Watched folder</h2>
      {folder === null ? (
        <p className="label">
          Pictures that come into a folder, from a camera or a phone’s cloud, are matched at once.
        </p>
      ) : (
        <Watched folder={folder} />
      )}
      <button type="button" className="button" onClick={() => void chooseWatchedFolder()}>
        <FolderOpen aria-hidden /> {folder === null ? 'Choose a folder…' : 'Another folder…'}
      </button>
      {folder !== null && (
        <button type="button" className="button" onClick={stopWatching}>
          Stop watching
        </button>
      )}
    </>
  );
}

function Watched({ folder }: { folder: string }) {
  const { isThere, came } = useWatched();
  return (
    <p className={isThere === false ? 'label is-doubt' : 'label'}>
      <bdi>{folder}</bdi>{' '}
      {isThere === false
        ? 'cannot be read now. It is watched again when it is back.'
        : came > 0 && `· ${formatCounted(came, 'picture')} came`}
    </p>
  );
}
