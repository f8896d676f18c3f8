import type { ComparisonCounts, ComparisonFilters } from '../../../electron/contract/compare.ts';
import { formatCount, formatShare } from '../../ui/format.ts';
import { CountsBar } from '../counts-bar.tsx';
import { ROWS, showRows } from './show-rows.ts';

interface FigureProps {
  name: string;
  count: number;
  of: number;
  note: string;
  filters: ComparisonFilters;
}

/** A number that opens its rows. */
function Figure({ name, count, of, note, filters }: FigureProps) {
  return (
    <li>
      <button
        type="button"
        className="figure-button"
        disabled={count === 0}
        title={count === 0 ? undefined : 'Show them in the table'}
        onClick={() => showRows(filters)}
      >
        <span className="figure-name">{name}</span>
        <strong className="figure-count numbers">{formatCount(count)}</strong>
        <span className="label numbers">
          {of === 0 ? note : `${formatShare(count / of)}${note === '' ? '' : `, ${note}`}`}
        </span>
      </button>
    </li>
  );
}

/** How a comparison stands: its rows in five numbers, which add up, and what is left over in words. */
export function Standing({ counts }: { counts: ComparisonCounts }) {
  const { rows, decided, undecided, weak, failed, waiting } = counts;
  const figure = { of: rows, note: '' };
  return (
    <section aria-label="How it stands">
      <ul className="figures">
        <Figure
          {...figure}
          name="Matched"
          count={decided.same + decided.equivalent + decided.similar}
          note={`${formatCount(decided.same)} the same`}
          filters={ROWS.matched}
        />
        <Figure {...figure} name="Weak" count={weak} note="nothing close" filters={ROWS.weak} />
        <Figure {...figure} name="Missing" count={decided.none} note="no match" filters={ROWS.missing} />
        <Figure
          {...figure}
          name="To decide"
          count={undecided - weak}
          note="something close"
          filters={ROWS.open}
        />
        <Figure {...figure} name="Unsure" count={decided.unsure} filters={ROWS.unsure} />
        <Figure {...figure} name="Failed" count={failed} filters={ROWS.failed} />
        {waiting > 0 && <Figure {...figure} name="Not run yet" count={waiting} filters={ROWS.waiting} />}
      </ul>
      <CountsBar counts={counts} />
    </section>
  );
}
