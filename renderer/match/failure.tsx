import type { LookalikeError } from '../../electron/contract/errors.ts';
import { itemOfPhoto } from '../../electron/contract/search.ts';
import { capitalised } from '../ui/format.ts';
import { ErrorNote } from '../ui/note.tsx';
import { refresh, useMatch } from './match.ts';
import { leaveOut, type QueuedPhoto, usePhotosInOrder } from './photo-queue.ts';
import { goBack, setCrop } from './query-actions.ts';

/** The photo that an error is about. @param photos those of the query, in its order */
function photoOf({ code, item }: LookalikeError, photos: readonly QueuedPhoto[]): QueuedPhoto | undefined {
  if (!code.startsWith('IMAGE_')) return undefined;
  return photos.find((_, i) => item === itemOfPhoto(i)) ?? photos[0];
}

/** Why the search failed, and what can be done about that. */
export function Failure() {
  const search = useMatch((state) => state.search);
  const hasTrail = useMatch((state) => state.trail.length > 0);
  const query = useMatch((state) => state.query);
  const photos = usePhotosInOrder();
  // A stopped engine is reported across the window.
  if (search.phase !== 'failed' || search.error.code === 'ENGINE_STOPPED') return null;
  const { error } = search;
  const { code } = error;
  const photo = photoOf(error, photos);
  const only = query?.kind === 'photo' && code.startsWith('IMAGE_') ? query.name : error.item;
  return (
    <div className="results-failure">
      <ErrorNote error={error} item={photo ? capitalised(photo.name) : only}>
        {photo && (
          <button type="button" className="button" onClick={() => leaveOut(photo.file)}>
            Leave it out
          </button>
        )}
        {code === 'CROP_INVALID' && (
          <button type="button" className="button" onClick={() => setCrop(null)}>
            Whole photo
          </button>
        )}
        {code === 'PRODUCT_UNKNOWN' && hasTrail && (
          <button type="button" className="button" onClick={goBack}>
            Back
          </button>
        )}
        {!code.startsWith('IMAGE_') && (
          <button type="button" className="button" onClick={refresh}>
            Try again
          </button>
        )}
      </ErrorNote>
    </div>
  );
}
