import { SlidersHorizontal, X } from 'lucide-react';
import type { SearchResponse } from '../../electron/contract/search.ts';
import { useConnection } from '../engine/connection.ts';
import { formatCounted } from '../ui/format.ts';
import { useAfter } from '../ui/use-after.ts';
import { Failure } from './failure.tsx';
import { type ActiveFilter, activeFilters, noPriceWords } from './filters.ts';
import { HowRanked } from './how-ranked.tsx';
import { IncompletePhotos, incompleteOf } from './incomplete-photos.tsx';
import { focusResults, refresh, setFilters, setSameColor, showRefined, useMatch } from './match.ts';
import { usePhotosInOrder } from './photo-queue.ts';
import type { Query } from './query.ts';
import { ResultsGrid } from './results-grid.tsx';
import { countWords, styleTitle } from './style.ts';
import { NotInRange } from './this-is-it.tsx';
import './results.css';

/** A faster answer shows no waiting state. */
const WAITING_AFTER_MS = 150;
const SLOW_AFTER_MS = 2000;

function useActiveFilters(): ActiveFilter[] {
  const answer = useMatch((state) => state.answer);
  const filters = useMatch((state) => state.filters);
  const currency = useMatch((state) => state.currency);
  if (!answer) return [];
  return activeFilters(filters, answer, currency);
}

/**
 * Says that a newer catalog or another model is in use than the one that answered: products on screen may no longer exist.
 */
function NewerCatalog() {
  const status = useConnection((state) => state.status);
  const answer = useMatch((state) => state.answer);
  if (!status?.snapshot || !answer) return null;
  const otherModel = status.model.id !== answer.model.id;
  if (!otherModel && status.snapshot.version === answer.snapshot.version) return null;
  return (
    <p className="results-newer" role="status">
      {otherModel ? `${status.model.name} answers now.` : 'The catalog was updated.'}
      <button type="button" className="button" onClick={refresh}>
        Refresh results
      </button>
    </p>
  );
}

/** Offers the answer with the photo's subject, where showing it would have moved what was under the person's hand. */
function BetterOrder() {
  const refined = useMatch((state) => state.refined);
  if (!refined) return null;
  const show = () => {
    showRefined(refined);
    focusResults();
  };
  return (
    <p className="results-newer results-offer" role="status">
      A closer look changed the order.
      <button type="button" className="button" onClick={show}>
        Show it
      </button>
    </p>
  );
}

function Head({ onShowFilters, slow }: { onShowFilters: () => void; slow: boolean }) {
  const answer = useMatch((state) => state.answer);
  const query = useMatch((state) => state.query);
  const chips = useActiveFilters();
  const words = slow ? 'Still searching…' : answer ? countWords(answer) : '';
  return (
    <header className="results-head">
      <h1 className="numbers results-count">{words}</h1>
      <ul className="chips" aria-label="Filters in force">
        {chips.map(({ field, label, without }) => (
          <li key={`${field} ${label}`}>
            <button
              type="button"
              className="chip"
              aria-label={`Remove filter ${field}: ${label}`}
              onClick={() => setFilters(without)}
            >
              <bdi>{label}</bdi> <X aria-hidden />
            </button>
          </li>
        ))}
      </ul>
      <NewerCatalog />
      <BetterOrder />
      {answer && answer.results.length > 0 && !isNoGoodMatch(answer) && <NotInRange />}
      {answer && query && <HowRanked ranking={answer.ranking} query={query} />}
      <button type="button" className="button only-narrow" onClick={onShowFilters}>
        <SlidersHorizontal aria-hidden /> Filters
      </button>
    </header>
  );
}

function NothingFound() {
  const kind = useMatch((state) => state.query?.kind);
  const sameColor = useMatch((state) => state.sameColor);
  if (kind === 'words') {
    return (
      <div className="results-none">
        <h2>No product matches these words</h2>
        <p>Try fewer or other words, a brand, or a part of the SKU.</p>
      </div>
    );
  }
  if (!sameColor) return <p className="results-none">The catalog has no product to compare with.</p>;
  return (
    <div className="results-none">
      <h2>No product has this colour</h2>
      <p>
        <button type="button" className="button primary" onClick={() => setSameColor(false)}>
          Show every colour
        </button>
      </p>
    </div>
  );
}

function NoResults() {
  const chips = useActiveFilters();
  const filters = useMatch((state) => state.filters);
  const currency = useMatch((state) => state.currency);
  const range = useMatch((state) => state.answer?.facets.price ?? null);
  if (chips.length === 0) return <NothingFound />;
  const noPrice = noPriceWords(filters, range, currency);
  if (noPrice !== null) {
    const { price: _, ...others } = filters;
    return (
      <div className="results-none">
        <h2>{noPrice}</h2>
        <p>
          <button
            type="button"
            className="button primary"
            onClick={() => setFilters(others, { wantsFocus: true })}
          >
            Any price
          </button>
        </p>
      </div>
    );
  }
  return (
    <div className="results-none">
      <h2>No product passes these filters</h2>
      <p>Take one away to see what comes nearest:</p>
      <ul>
        {chips.map(({ field, label, without, leaves }) => (
          <li key={`${field} ${label}`}>
            <button
              type="button"
              className="button"
              onClick={() => setFilters(without, { wantsFocus: true })}
            >
              <X aria-hidden /> {field}: <bdi>{label}</bdi>
            </button>
            {leaves !== null && leaves > 0 && (
              <span className="label numbers">leaves {formatCounted(leaves, 'product')}</span>
            )}
          </li>
        ))}
      </ul>
      <button type="button" className="button primary" onClick={() => setFilters({}, { wantsFocus: true })}>
        Clear filters
      </button>
    </div>
  );
}

const NO_GOOD_MATCH: Record<Query['kind'], string> = {
  // For a dark or cluttered photo the right product is often first nevertheless (bench/README.md).
  photo:
    'No product’s picture is much like this photo: it may be dark or cluttered, or show something else. A crop may help.',
  product: 'Nothing else in the catalog looks like this product.',
  words: 'Nothing in the catalog fits these words well.',
};

/**
 * Whether nothing in the answer is even similar. When text was only compared with fields, the results contain the text,
 * whatever their pictures look like, so this is false.
 */
function isNoGoodMatch({ results, ranking }: SearchResponse): boolean {
  return ranking.words !== 'fields' && results.every(({ band }) => band === 'other');
}

const NO_GOOD_MATCH_OF_SEVERAL =
  'No product’s picture is much like these photos together: one of them may show something else. One by one may find more.';

/** Says that there is no good match, because there is always a nearest product. */
function NoGoodMatch({ answer }: { answer: SearchResponse }) {
  const kind = useMatch((state) => state.query?.kind);
  const words = answer.also.length > 0 ? NO_GOOD_MATCH_OF_SEVERAL : kind && NO_GOOD_MATCH[kind];
  const isFiltered = useActiveFilters().length > 0;
  if (!kind || !isNoGoodMatch(answer)) return null;
  return (
    <div className="results-no-match">
      <h2>No good match</h2>
      <p>{isFiltered ? 'Nothing that passes the filters is much like this.' : words}</p> <NotInRange />
    </div>
  );
}

function Skeleton() {
  return (
    <div className="skeleton" aria-hidden>
      {Array.from({ length: 24 }, (_, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: identical placeholders
        <span key={index} />
      ))}
    </div>
  );
}

/** For screen readers, which do not see the grid change. An answer that is being refined is not announced: the final one is. */
function Announcement() {
  const answer = useMatch((state) => (state.search.phase === 'refining' ? null : state.answer));
  const best = answer?.results[0];
  const verdict = answer && isNoGoodMatch(answer) ? 'No good match. Nearest' : 'Best match';
  const where = answer?.ranking.crop?.proposed ? ' Searched inside the proposed box.' : '';
  const photos = usePhotosInOrder();
  const missing = answer ? incompleteOf(answer, photos).map((name) => ` Part of ${name} is missing.`) : [];
  const words = answer
    ? `${countWords(answer)}. ${best ? `${verdict}: ${styleTitle(best)}.` : ''}${where}${missing.join('')}`
    : '';
  return (
    <p className="visually-hidden" role="status">
      {words}
    </p>
  );
}

/** The ranked products, or the reason why there are none. */
export function Results({ onShowFilters }: { onShowFilters: () => void }) {
  const search = useMatch((state) => state.search);
  const answer = useMatch((state) => state.answer);
  const running = search.phase === 'running';
  const waiting = useAfter(running, WAITING_AFTER_MS);
  const slow = useAfter(running, SLOW_AFTER_MS);

  return (
    <>
      <Head onShowFilters={onShowFilters} slow={slow} />
      <Announcement />
      <Failure />
      {!answer && waiting && <Skeleton />}
      {answer?.results.length === 0 && <NoResults />}
      {answer && answer.results.length > 0 && (
        <>
          <IncompletePhotos answer={answer} />
          <NoGoodMatch answer={answer} />
          <ResultsGrid
            answer={answer}
            busy={running || search.phase === 'refining'}
            dimmed={waiting || search.phase === 'failed'}
          />
        </>
      )}
    </>
  );
}
