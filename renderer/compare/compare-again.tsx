import { RefreshCw } from 'lucide-react';
import { useState } from 'react';
import type { Comparison, RowChange } from '../../electron/contract/compare.ts';
import { Bar } from '../ui/bar.tsx';
import { Dialog } from '../ui/dialog.tsx';
import { formatCount, formatCounted, formatDateTime } from '../ui/format.ts';
import { countWords } from '../ui/progress-words.ts';
import { decidedOf } from './counts.ts';
import { compareAgain } from './document.ts';
import { useDocument } from './open-document.ts';
import { setFilters, setView } from './order.ts';

type Moved = NonNullable<Comparison['moved']>;

/** What the comparison was made with, where that is not what answers now. */
function movedWords(
  { catalog, model, snapshotKept }: Moved,
  { snapshot, model: made }: NonNullable<Comparison['about']>,
) {
  return [
    catalog &&
      `Compared with “${snapshot.name}” of ${formatDateTime(snapshot.publishedAt)}; the catalog has changed since.`,
    model && modelWords(made.name, model.name),
    !snapshotKept && 'That catalog is no longer kept, so nothing more can be compared with it.',
  ]
    .filter((part) => part)
    .join(' ');
}

/** A model's successor often has its name. */
function modelWords(made: string, now: string): string {
  return made === now
    ? `Compared by an earlier version of the model “${made}”.`
    : `Compared by the model “${made}”; “${now}” is in use now.`;
}

function AskAgain({ comparison: { counts }, moved }: { comparison: Comparison; moved: Moved }) {
  const [open, setOpen] = useState(false);
  const decided = decidedOf(counts);
  return (
    <Dialog
      open={open}
      onOpenChange={setOpen}
      title="Compare again?"
      trigger={
        <button type="button" className="button">
          <RefreshCw aria-hidden /> Compare again…
        </button>
      }
    >
      <div className="dialog-words">
        <p>
          {counts.answered === 1 ? 'The picture is' : `The ${formatCount(counts.answered)} pictures are`} set
          beside{' '}
          {moved.catalog
            ? `“${moved.catalog.name}” of ${formatDateTime(moved.catalog.publishedAt)}`
            : 'the catalog of now'}
          {moved.model ? `, by the model “${moved.model.name}”` : ''}.
        </p>
        <p>
          {decided > 0 && `${formatCounted(decided, 'decision')} and what is “not a match” stay. `}
          Afterwards you see which decided products are gone, and where there is a better candidate. Chosen
          parts of pictures are given up: all of each picture is compared.
        </p>
      </div>
      <div className="dialog-actions">
        <button type="button" className="button" onClick={() => setOpen(false)}>
          Cancel
        </button>
        <button
          type="button"
          className="button primary"
          onClick={() => {
            setOpen(false);
            void compareAgain();
          }}
        >
          Compare again
        </button>
      </div>
    </Dialog>
  );
}

/** Says that the catalog or the model has moved on since, and compares again. */
export function MovedOn() {
  const state = useDocument(({ state }) => state);
  // The table has a line for the run.
  const inFocus = useDocument(({ view }) => view === 'focus');
  const { about, moved } = state?.comparison ?? {};
  if (!state || !about || !moved) return null;
  return (
    <div className="document-moved">
      <p className="label">{movedWords(moved, about)}</p>
      {state.progress && inFocus && (
        <span className="label numbers">{countWords(state.progress, 'picture')}</span>
      )}
      {state.progress === null && <AskAgain comparison={state.comparison} moved={moved} />}
    </div>
  );
}

const CHANGES: Record<RowChange, { one: string; many: string }> = {
  gone: { one: 'decided product is gone', many: 'decided products are gone' },
  better: { one: 'picture has a better candidate', many: 'pictures have a better candidate' },
};

/** What the new catalog has changed, until each row is decided again. */
export function Changed() {
  const counts = useDocument(({ state }) => state?.comparison.counts.changed);
  const running = useDocument(({ state }) => state?.progress !== null);
  const inFocus = useDocument(({ view }) => view === 'focus');
  const shown = useDocument(({ filters }) => filters.changed?.[0]);
  // In focus, the pictures have its room, and do not change their size with the last of these.
  if (!counts || running || inFocus || counts.gone + counts.better === 0) return null;
  return (
    <Bar tone="doubt">
      <span>Compared again with a newer catalog. Decide these again, the same or otherwise:</span>
      {(['gone', 'better'] as const).map(
        (change) =>
          counts[change] > 0 && (
            <button
              key={change}
              type="button"
              className="button"
              aria-pressed={shown === change}
              onClick={() => {
                setFilters(shown === change ? {} : { changed: [change] });
                setView('table');
              }}
            >
              {formatCount(counts[change])}{' '}
              {counts[change] === 1 ? CHANGES[change].one : CHANGES[change].many}
            </button>
          ),
      )}
    </Bar>
  );
}
