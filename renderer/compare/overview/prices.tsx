import { lazy, Suspense, useId, useState } from 'react';
import type { ComparisonPrices, CurrencyPrices } from '../../../electron/contract/compare-tells.ts';
import { formatCount, formatCounted } from '../../ui/format.ts';
import { Segments } from '../../ui/segments.tsx';
import { faultSentence } from '../../ui/sentences.ts';
import { PriceMatrix } from './price-matrix.tsx';
import { UnstatedCurrency } from './unstated-currency.tsx';

/** Drawing plots takes a library that nothing else needs. */
const PricePlots = lazy(() => import('./price-plots.tsx'));

/** A currency by its name: "euros" in English is not a title, so its code is one. */
const nameOf = (currency: string | null) => currency ?? 'No currency';

/** How the matched pairs of a currency stand. */
function Pairs({ pairs: { below, level, above, median } }: { pairs: CurrencyPrices['pairs'] }) {
  const all = below + level + above;
  if (all === 0) return <p className="label">No matched pair has both prices in this currency yet.</p>;
  const middle =
    median === null || median === 0
      ? 'In the middle, ours cost the same.'
      : `In the middle, ours cost ${Math.abs(median).toFixed(1)} % ${median > 0 ? 'more' : 'less'}.`;
  return (
    <p className="numbers">
      Of {formatCounted(all, 'matched pair')}, ours is cheaper in <strong>{formatCount(below)}</strong>, as
      dear in <strong>{formatCount(level)}</strong>, dearer in <strong>{formatCount(above)}</strong>. {middle}
    </p>
  );
}

/** What the numbers leave out. */
function notesOf({ currencies, apart, unpriced, gone, ours, fault }: ComparisonPrices): string[] {
  const notes = [
    currencies.length > 1 && 'Currencies are kept apart: nothing is converted or added up.',
    gone > 0 &&
      `${formatCounted(gone, 'matched pair')} not compared: our product is no longer in the catalog.`,
    apart > 0 &&
      `${formatCounted(apart, 'matched pair')} not compared: the two prices are in different currencies.`,
    unpriced > 0 &&
      `${formatCounted(unpriced, 'matched pair')} not compared: one of the prices is not known.`,
    ours.elsewhere > 0 &&
      `${formatCounted(ours.elsewhere, 'style')} of ours left out: their prices are in another currency.`,
    ours.styles < ours.total &&
      `Of our ${formatCounted(ours.total, 'style')} in these categories, ${formatCount(ours.styles)} were read, spread evenly.`,
    fault && `Our range could not be read, so only their prices are shown. ${faultSentence(fault)}`,
  ];
  return notes.filter((note): note is string => typeof note === 'string');
}

/** Their prices beside ours, a currency at a time. */
export function Prices({ prices }: { prices: ComparisonPrices }) {
  const [chosen, setChosen] = useState('0');
  const labelId = useId();
  const { currencies } = prices;
  const shown = currencies[Number(chosen)] ?? currencies[0];
  return (
    <section aria-labelledby="prices-title">
      <div className="prices-head">
        <h2 id="prices-title">
          Prices{' '}
          {prices.priced > 0 && (
            <span className="label numbers">{formatCounted(prices.priced, 'picture')} with a price</span>
          )}
        </h2>
        <span id={labelId} className="visually-hidden">
          Currency
        </span>
        {currencies.length > 1 && (
          <Segments
            labelledBy={labelId}
            options={currencies.map(({ currency }, at) => ({ value: String(at), name: nameOf(currency) }))}
            value={chosen}
            onChange={setChosen}
          />
        )}
      </div>
      <UnstatedCurrency currencies={currencies} />
      {shown ? (
        <>
          <Pairs pairs={shown.pairs} />
          <PriceMatrix prices={shown} />
          <Suspense fallback={<p className="label">Drawing…</p>}>
            <PricePlots prices={shown} />
          </Suspense>
          {notesOf(prices).map((note) => (
            <p key={note} className="label">
              {note}
            </p>
          ))}
        </>
      ) : (
        <p className="label">
          No prices of theirs are known. Compare a table (CSV) with a column of prices, and theirs and ours
          stand side by side here.
        </p>
      )}
    </section>
  );
}
