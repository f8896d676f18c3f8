import { Columns2, ListChecks } from 'lucide-react';
import { MATCH_NAMES } from '../../electron/contract/match-names.ts';
import { keyName, keyOf } from '../../electron/contract/review-keys.ts';
import { usePreferences } from '../page/preferences.ts';
import { formatCount, formatCounted } from '../ui/format.ts';
import { DECISIONS } from './key-map.ts';
import type { Order } from './look-ahead.ts';
import { MatchIcon } from './match-mark.tsx';
import { useDocument } from './open-document.ts';
import { setSort, setView } from './order.ts';
import { SORTS, type Sort } from './place.ts';
import { decideSelected, selectAll } from './table-keys.ts';
import { openTrust } from './trust.ts';

const SORT_NAMES: Record<Sort, string> = {
  row: 'In their order',
  leastSure: 'Least sure first',
  surest: 'Surest first',
  name: 'By name',
};

function isSort(value: string): value is Sort {
  return SORTS.some((sort) => sort === value);
}

function Deciding({ selected }: { selected: number }) {
  const keys = usePreferences((state) => state.reviewKeys);
  return (
    <>
      <span className="numbers">{formatCount(selected)} selected:</span>
      {DECISIONS.map((match) => (
        <button
          key={match}
          type="button"
          className="button"
          title={
            match === 'unsure' ? MATCH_NAMES[match] : `${MATCH_NAMES[match]} (${keyName(keyOf(match, keys))})`
          }
          onClick={() => decideSelected(match)}
        >
          <MatchIcon match={match} /> {MATCH_NAMES[match]}
        </button>
      ))}
      <button type="button" className="button quiet" onClick={() => decideSelected(null)}>
        Clear decision
      </button>
    </>
  );
}

/** What is done with the rows of the table: order, selection, decisions of the selected, going through them one by one. */
export function TableBar({ order }: { order: Order }) {
  const selected = useDocument((state) => state.selected);
  const sort = useDocument((state) => state.sort);
  const { rows, undecided } = order;
  const first = rows.find((row) => undecided.has(row)) ?? rows[0];
  return (
    <div className="table-bar">
      <input
        type="checkbox"
        aria-label="Select all rows"
        checked={rows.length > 0 && selected.size === rows.length}
        disabled={rows.length === 0}
        ref={(box) => {
          if (box) box.indeterminate = selected.size > 0 && selected.size < rows.length;
        }}
        onChange={selectAll}
      />
      {selected.size > 0 ? (
        <Deciding selected={selected.size} />
      ) : (
        <>
          <span className="label numbers" role="status">
            {formatCounted(rows.length, 'row')}
          </span>
          <select
            className="table-sort"
            aria-label="Order of rows"
            value={sort}
            onChange={({ target }) => isSort(target.value) && setSort(target.value)}
          >
            {SORTS.map((each) => (
              <option key={each} value={each}>
                {SORT_NAMES[each]}
              </option>
            ))}
          </select>
        </>
      )}
      <button type="button" className="button table-trust" onClick={() => openTrust({ kind: 'bands' })}>
        <ListChecks aria-hidden /> Accept in bulk…
      </button>
      <button
        type="button"
        className="button primary table-review"
        disabled={first === undefined}
        onClick={() => setView('focus', first)}
      >
        <Columns2 aria-hidden />{' '}
        {undecided.size > 0 ? `Review ${formatCount(undecided.size)} undecided` : 'Look through'}
      </button>
    </div>
  );
}
