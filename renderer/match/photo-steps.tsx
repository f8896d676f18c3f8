import { ChevronLeft, ChevronRight } from 'lucide-react';
import { useEffect, useState } from 'react';
import { formatCounted } from '../ui/format.ts';
import { useMatch } from './match.ts';
import { preview, readBytes, showable } from './photo.ts';
import {
  canJoin,
  joinQueue,
  partQueue,
  type QueuedPhoto,
  stepQueue,
  usePhotoQueue,
  usePhotosInOrder,
} from './photo-queue.ts';
import type { PhotoQuery } from './query.ts';
import './photo-steps.css';

/** The position among several photos that were dropped together, with buttons to step through them. */
export function PhotoSteps({ query }: { query: PhotoQuery }) {
  const { files, at, leftOut } = usePhotoQueue();
  if (files.length < 2 || files[at] !== query.file) return null;
  if (query.also.length > 0) return <PhotosAsOne />;
  return (
    <div className="query-steps">
      <button
        type="button"
        className="icon-button"
        aria-label="Previous photo"
        title="Previous photo (Alt ←)"
        disabled={at === 0}
        onClick={() => stepQueue(-1)}
      >
        <ChevronLeft aria-hidden />
      </button>
      <p className="numbers" role="status">
        Photo {at + 1} of {files.length}
      </p>
      <button
        type="button"
        className="icon-button"
        aria-label="Next photo"
        title="Next photo (Alt →)"
        disabled={at === files.length - 1}
        onClick={() => stepQueue(1)}
      >
        <ChevronRight aria-hidden />
      </button>
      {canJoin(files.length) && (
        <button
          type="button"
          className="button"
          title="Front, back, label: compare all of them together"
          onClick={() => void joinQueue()}
        >
          All one item
        </button>
      )}
      {leftOut > 0 && <p className="label">{formatCounted(leftOut, 'file')} left out: not a picture</p>}
    </div>
  );
}

/** Several photos of one item that are compared together: those beside the large one, and the way back. */
function PhotosAsOne() {
  const photos = usePhotosInOrder();
  const also = useMatch((state) => state.answer?.also);
  return (
    <div className="query-steps">
      <p className="numbers" role="status">
        {photos.length} photos of one item
      </p>
      <button type="button" className="button" onClick={partQueue}>
        One by one
      </button>
      <ul className="query-also" aria-label="Further photos of the item">
        {photos.slice(1).map((photo, i) => (
          <li key={photo.name}>
            <FurtherPicture photo={photo} isCut={also?.[i]?.incomplete ?? false} />
          </li>
        ))}
      </ul>
    </div>
  );
}

/**
 * A further photo, small; as the engine decodes it where the browser cannot, or would show nothing of a file that breaks off.
 */
function FurtherPicture({ photo: { file, name }, isCut }: { photo: QueuedPhoto; isCut: boolean }) {
  const [url, setUrl] = useState<string | null>();
  useEffect(() => {
    let made: string | undefined;
    let isGone = false;
    const show = (next: string | null) => {
      if (isGone && next !== null) URL.revokeObjectURL(next);
      else if (!isGone) setUrl(next);
      made = next ?? undefined;
    };
    readBytes(file)
      .then((bytes) => (isCut ? preview(bytes) : showable(file, bytes)))
      // If it cannot be shown, the search reports the reason.
      .then((view) => show(view.url))
      .catch(() => show(null));
    return () => {
      isGone = true;
      if (made !== undefined) URL.revokeObjectURL(made);
    };
  }, [file, isCut]);
  if (url === undefined) return null;
  if (url === null) return <span className="label">No preview</span>;
  return <img src={url} alt={name} title={name} />;
}
