import type { ComparisonCounts, ComparisonFilters } from '../../../electron/contract/compare.ts';
import { figuresOf } from '../../../electron/contract/standing-figures.ts';
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

/** How a comparison stands: its rows in numbers, which add up, and what is left over in words. */
export function Standing({ counts }: { counts: ComparisonCounts }) {
  return (
    <section aria-label="How it stands">
      <ul className="figures">
        {figuresOf(counts, formatCount).map(({ key, ...figure }) => (
          <Figure key={key} {...figure} of={counts.rows} filters={ROWS[key]} />
        ))}
      </ul>
      <CountsBar counts={counts} />
    </section>
  );
}
