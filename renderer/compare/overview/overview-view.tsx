import { useEffect } from 'react';
import { faultSentence } from '../../ui/sentences.ts';
import { useDocument } from '../open-document.ts';
import { Gaps } from './gaps.tsx';
import { Hits } from './hits.tsx';
import { Prices } from './prices.tsx';
import { Standing } from './standing.tsx';
import { followTells, useTells } from './tells.ts';
import './overview.css';

/** What a comparison tells: how it stands, the gaps in our range, our styles that are hit, and the prices. */
export function OverviewView() {
  const id = useDocument((state) => state.id);
  const loaded = useDocument((state) => state.loaded);
  const counts = useDocument(({ state }) => state?.comparison.counts);
  const { overview, piles, piling, error } = useTells();
  useEffect(() => (id === null ? undefined : followTells(id)), [id]);
  if (!loaded || !counts) return null;
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keys
    <section className="overview" tabIndex={0} aria-label="Overview">
      <h1 className="visually-hidden">Overview</h1>
      <Standing counts={counts} />
      {error && (
        <p className="overview-error" role="alert">
          {faultSentence(error.fault)}
        </p>
      )}
      {counts.answered === 0 ? (
        <p className="label">
          Nothing is compared yet. What it tells comes here as the pictures are compared.
        </p>
      ) : (
        <>
          <Gaps piles={piles} piling={piling} loaded={loaded} />
          {overview && <Hits overview={overview} />}
          {overview && <Prices prices={overview.prices} />}
        </>
      )}
    </section>
  );
}
