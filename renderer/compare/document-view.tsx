import { useAfter } from '../ui/use-after.ts';
import { CompareTable } from './compare-table.tsx';
import { DocumentHead } from './document-head.tsx';
import { DocumentNotes } from './document-notes.tsx';
import { FocusView } from './focus-view.tsx';
import { MergeDialog } from './merge-dialog.tsx';
import { useDocument } from './open-document.ts';
import { OverviewView } from './overview/overview-view.tsx';
import { RunLine } from './run-line.tsx';
import { TrustDialog } from './trust-dialog.tsx';

/** A faster answer shows no message. */
const READING_AFTER_MS = 400;

/** The comparison that is open: its name and run, and what it tells, and its rows as a table or one by one. */
export function DocumentView() {
  const view = useDocument((state) => state.view);
  const order = useDocument((state) => state.order);
  const failed = useDocument((state) => state.error !== null);
  const late = useAfter(!order && !failed, READING_AFTER_MS);
  return (
    <>
      <DocumentHead />
      <RunLine />
      <DocumentNotes />
      <MergeDialog />
      <TrustDialog />
      {view === 'overview' ? (
        <OverviewView />
      ) : order ? (
        view === 'table' ? (
          <CompareTable order={order} />
        ) : (
          <FocusView order={order} />
        )
      ) : (
        <p className="label document-reading">{late && 'Reading the comparison…'}</p>
      )}
    </>
  );
}
