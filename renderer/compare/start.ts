import { useView } from '../page/view.ts';
import { useComparisons } from './comparisons.ts';
import { followDocument, openDocument } from './document.ts';
import { followRow } from './in-focus.ts';
import { useDocument } from './open-document.ts';
import { keptOpen } from './place.ts';
import { followTrust } from './trust.ts';

/** Follows the open document, and opens the last one again when Compare is shown for the first time. */
export function startCompare(): void {
  followDocument();
  followRow();
  followTrust();
  const reopen = async () => {
    const id = await keptOpen();
    // Not in the place of one that was just opened or is being started.
    const isFree = useDocument.getState().id === null && !useComparisons.getState().starting;
    if (id !== null && isFree) await openDocument(id);
  };
  if (useView.getState().view === 'compare') void reopen();
  else {
    const stop = useView.subscribe(({ view }) => {
      if (view !== 'compare') return;
      stop();
      void reopen();
    });
  }
}
