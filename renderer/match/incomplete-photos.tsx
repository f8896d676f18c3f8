import type { SearchResponse } from '../../electron/contract/search.ts';
import { Note } from '../ui/note.tsx';
import { type QueuedPhoto, usePhotosInOrder } from './photo-queue.ts';

/**
 * The names of an answer's photos of which a part is missing.
 * @param photos those of the query, in its order; empty when they were not dropped together
 */
export function incompleteOf({ photo, also }: SearchResponse, photos: readonly QueuedPhoto[]): string[] {
  return [photo, ...also].flatMap((each, i) =>
    each?.incomplete ? (also.length > 0 && photos[i]?.name) || 'this photo' : [],
  );
}

/** Says of which photos only a part could be read: the answer may be poor, and a new copy would help. */
export function IncompletePhotos({ answer }: { answer: SearchResponse }) {
  const names = incompleteOf(answer, usePhotosInOrder());
  if (names.length === 0) return null;
  return (
    <div className="results-note">
      {names.map((name) => (
        <Note tone="doubt" key={name}>
          Part of <bdi>{name}</bdi> is missing: its file breaks off or is damaged. Lookalike compared what is
          there. A new copy of the photo may match better.
        </Note>
      ))}
    </div>
  );
}
