import { type PointerEvent, type ReactNode, useEffect, useState } from 'react';
import { CustomerView } from './customer-view.tsx';
import { Details } from './details.tsx';
import { FilterPanel } from './filter-panel.tsx';
import { readLearning } from './learning.ts';
import { holdResults, releaseResults, setDetailsOpen, useMatch } from './match.ts';
import { QueryPanel } from './query-panel.tsx';
import { Results } from './results.tsx';
import { Start } from './start.tsx';
import './match-screen.css';

const keep = () => holdResults('kept');

/** A pointer that rests where the photo was dropped is no hand on a card, though cards appear under it. */
function noteHover({ target, movementX, movementY }: PointerEvent): void {
  const onCard = target instanceof Element && target.closest('[role=gridcell]') !== null;
  if (onCard && (movementX !== 0 || movementY !== 0)) holdResults('pointer');
  else if (!onCard) releaseResults();
}

/**
 * The Match screen: the query, the results, and beside them the filters or one product's details. @param news is shown
 * before the first photo
 */
export function MatchScreen({ onBrowse, news }: { onBrowse: () => void; news: ReactNode }) {
  const hasQuery = useMatch((state) => state.query !== null);
  const focusedId = useMatch((state) => state.focusedId);
  const detailsOpen = useMatch((state) => state.detailsOpen);
  const [filtersOpen, setFiltersOpen] = useState(false);
  // Whether people can say what a photo shows depends on it.
  useEffect(() => void readLearning(), []);
  if (!hasQuery) return <Start onBrowse={onBrowse} news={news} />;

  return (
    <div className="match">
      <QueryPanel onBrowse={onBrowse} />
      <section
        className="match-results"
        aria-label="Results"
        onPointerMove={noteHover}
        onPointerLeave={releaseResults}
        onPointerDown={keep}
        onWheel={keep}
        onKeyDown={keep}
      >
        <Results onShowFilters={() => setFiltersOpen(true)} />
      </section>
      <div className={`match-side ${filtersOpen ? 'is-open' : ''}`}>
        <FilterPanel onClose={() => setFiltersOpen(false)} />
      </div>
      <CustomerView />
      {detailsOpen && focusedId && (
        <div className="match-side match-details is-open">
          <Details styleId={focusedId} onClose={() => setDetailsOpen(false)} />
        </div>
      )}
    </div>
  );
}
