import { X } from 'lucide-react';
import { Bar } from '../ui/bar.tsx';
import { ErrorNote } from '../ui/note.tsx';
import { dismissError, dismissRemoved, restore, useComparisons } from './comparisons.ts';

/** Says that a comparison was deleted, and takes it back. */
export function RemovedLine() {
  const removed = useComparisons((state) => state.removed);
  if (!removed) return null;
  return (
    <Bar>
      <span>
        “<bdi>{removed.name}</bdi>” is deleted. It can be taken back for seven days.
      </span>
      <button type="button" className="button" onClick={() => void restore(removed)}>
        Undo
      </button>
      <button type="button" className="icon-button" aria-label="Close" onClick={dismissRemoved}>
        <X aria-hidden />
      </button>
    </Bar>
  );
}

/** Why a comparison could not be started or changed. */
export function ComparisonProblem() {
  const error = useComparisons((state) => state.error);
  if (!error) return null;
  return (
    <ErrorNote error={error}>
      <button type="button" className="button quiet" onClick={dismissError}>
        Close
      </button>
    </ErrorNote>
  );
}
