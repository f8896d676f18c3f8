import { Bar } from '../ui/bar.tsx';
import { formatCounted } from '../ui/format.ts';
import { ErrorNote } from '../ui/note.tsx';
import { faultSentence } from '../ui/sentences.ts';
import { Changed, MovedOn } from './compare-again.tsx';
import { ComparisonProblem } from './comparison-notes.tsx';
import { useComparisons } from './comparisons.ts';
import { decideAgain, dismissUnsaved } from './deciding.ts';
import { closeDocument, openDocument } from './document.ts';
import { dismissProblem, useDocument } from './open-document.ts';
import './document-notes.css';

/** Decisions that could not be written: they count as not made. */
function Unsaved() {
  const unsaved = useDocument((state) => state.unsaved);
  const [first] = unsaved;
  if (!first) return null;
  const rows = new Set(unsaved.flatMap(({ step }) => step.rows)).size;
  return (
    <Bar tone="loss">
      <span>
        {formatCounted(rows, 'decision')} could not be saved, and{' '}
        {rows === 1 ? 'its row is' : 'their rows are'} as before. {faultSentence(first.error.fault)}
      </span>
      <button type="button" className="button" onClick={decideAgain}>
        Save again
      </button>
      <button type="button" className="button quiet" onClick={dismissUnsaved}>
        OK
      </button>
    </Bar>
  );
}

function Problem() {
  const error = useDocument((state) => state.error);
  const id = useDocument((state) => state.id);
  const unread = useDocument((state) => state.state === null);
  if (!error || id === null) return null;
  return (
    <div className="document-problem">
      <ErrorNote error={error}>
        <button type="button" className="button" onClick={() => void openDocument(id)}>
          Try again
        </button>
        {unread ? (
          <button type="button" className="button quiet" onClick={() => closeDocument()}>
            All comparisons
          </button>
        ) : (
          <button type="button" className="button quiet" onClick={dismissProblem}>
            Close
          </button>
        )}
      </ErrorNote>
    </div>
  );
}

/** Another comparison was dropped here and could not be started, or this one could not be renamed. */
function StartProblem() {
  const failed = useComparisons((state) => state.error !== null);
  return (
    failed && (
      <div className="document-problem">
        <ComparisonProblem />
      </div>
    )
  );
}

/** What a person has to know of the document. */
export function DocumentNotes() {
  const comparison = useDocument(({ state }) => state?.comparison);
  return (
    <>
      <Unsaved />
      <StartProblem />
      <Problem />
      {comparison?.faults.map((fault) => (
        <Bar key={fault.code} tone="loss">
          <span>{faultSentence(fault)}</span>
        </Bar>
      ))}
      <MovedOn />
      <Changed />
    </>
  );
}
