import { Check, ChevronDown, X } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { useEffect, useState } from 'react';
import type { ComparisonFilters, ComparisonOrder } from '../../electron/contract/compare.ts';
import { PICTURE_BANDS } from '../../electron/contract/match-names.ts';
import { band } from '../../electron/contract/search.ts';
import { formatCount } from '../ui/format.ts';
import { useDocument } from './open-document.ts';
import { setFilters } from './order.ts';
import {
  offeredQuickFilters,
  QUICK_FILTER_NAMES,
  quickFilterCount,
  quickFilterOf,
  withQuickFilter,
  withText,
  withValue,
} from './quick-filters.ts';
import { useTrust } from './trust.ts';
import { bandName } from './trust-words.ts';
import './table-filters.css';

function QuickFilters() {
  const filters = useDocument((state) => state.filters);
  const counts = useDocument(({ state }) => state?.comparison.counts);
  if (!counts) return null;
  const current = quickFilterOf(filters);
  return (
    <fieldset className="quick-filters">
      <legend className="visually-hidden">Rows to show</legend>
      {offeredQuickFilters(counts, current).map((quick) => (
        <button
          key={quick}
          type="button"
          className="quick-filter"
          aria-pressed={quick === current}
          onClick={() => setFilters(withQuickFilter(filters, quick))}
        >
          {QUICK_FILTER_NAMES[quick]}{' '}
          <span className="numbers">{formatCount(quickFilterCount(counts, quick))}</span>
        </button>
      ))}
      <Checking filters={filters} />
    </fieldset>
  );
}

/** The rows that were opened from elsewhere: a sample, rows to check, a pile or a style; pressed again, all rows. */
function Checking({ filters: { sample, toCheck, rows: pile, style } }: { filters: ComparisonFilters }) {
  const acceptance = useTrust(({ trust }) => trust?.acceptances.find(({ number }) => number === sample));
  const rows = useDocument(({ order }) => order?.rows.length ?? 0);
  if (pile || style) {
    return (
      <button type="button" className="quick-filter" aria-pressed onClick={() => setFilters({})}>
        {pile ? 'One pile' : 'One style of ours'} <span className="numbers">{formatCount(rows)}</span>
      </button>
    );
  }
  if (sample === undefined && toCheck === undefined) return null;
  return (
    <button type="button" className="quick-filter" aria-pressed onClick={() => setFilters({})}>
      {toCheck
        ? `To check in ${bandName(toCheck)}`
        : acceptance
          ? `Sample of ${bandName(acceptance.band)}`
          : 'Sample'}{' '}
      <span className="numbers">{formatCount(rows)}</span>
    </button>
  );
}

/** The most alike first. */
const BANDS: readonly string[] = [...band.options, 'nothing'];

/** A band in words; of a category or competitor, its own name. */
function valueName(value: string): string {
  if (value === 'nothing') return 'Nothing found';
  const known = band.safeParse(value).data;
  return known ? PICTURE_BANDS[known] : value;
}

interface ListFilterProps {
  field: 'band' | 'category' | 'competitor';
  name: string;
  facet: ComparisonOrder['facets']['band'];
}

function ListFilter({ field, name, facet }: ListFilterProps) {
  const filters = useDocument((state) => state.filters);
  const ticked: readonly string[] =
    quickFilterOf(filters) === 'weak' && field === 'band' ? [] : (filters[field] ?? []);
  if (facet.length < 2 && ticked.length === 0) return null;
  const values =
    field === 'band' ? facet.toSorted((a, b) => BANDS.indexOf(a.value) - BANDS.indexOf(b.value)) : facet;
  const [first] = ticked;
  return (
    <DropdownMenu.Root modal={false}>
      <DropdownMenu.Trigger className={`filter-menu-button ${first === undefined ? '' : 'is-set'}`}>
        {first === undefined ? name : ticked.length === 1 ? valueName(first) : `${name}: ${ticked.length}`}
        <ChevronDown aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Content className="filter-menu" align="start" sideOffset={4} collisionPadding={8}>
        {values.map(({ value, count }) => (
          <DropdownMenu.CheckboxItem
            key={value}
            className="filter-value"
            checked={ticked.includes(value)}
            onSelect={(event) => event.preventDefault()}
            onCheckedChange={() => setFilters(withValue(filters, field, value))}
          >
            <DropdownMenu.ItemIndicator>
              <Check aria-hidden />
            </DropdownMenu.ItemIndicator>
            <span dir="auto">{valueName(value)}</span>
            <span className="label numbers">{formatCount(count)}</span>
          </DropdownMenu.CheckboxItem>
        ))}
      </DropdownMenu.Content>
    </DropdownMenu.Root>
  );
}

const SEARCH_AFTER_MS = 150;

function TextFilter() {
  const text = useDocument(({ filters }) => filters.text ?? '');
  const [typed, setTyped] = useState(text);
  useEffect(() => {
    const { filters } = useDocument.getState();
    if (typed.trim() === (filters.text ?? '')) return;
    const timer = setTimeout(
      () => setFilters(withText(useDocument.getState().filters, typed)),
      SEARCH_AFTER_MS,
    );
    return () => clearTimeout(timer);
  }, [typed]);
  // Filters that are cleared elsewhere clear the field too.
  const [seen, setSeen] = useState(text);
  if (seen !== text) {
    setSeen(text);
    if (text === '') setTyped('');
  }
  return (
    <input
      type="search"
      className="text-input filter-text"
      aria-label="Find rows by name, title or SKU"
      placeholder="Name, title or SKU"
      maxLength={200}
      value={typed}
      onChange={({ target }) => setTyped(target.value)}
    />
  );
}

/** Which rows the table shows. */
export function TableFilters({ facets }: { facets: ComparisonOrder['facets'] }) {
  const filters = useDocument((state) => state.filters);
  const isFiltered = Object.keys(filters).length > 0;
  return (
    <div className="table-filters">
      <QuickFilters />
      <div className="filter-menus">
        <ListFilter field="band" name="Likeness" facet={facets.band} />
        <ListFilter field="category" name="Category" facet={facets.category} />
        <ListFilter field="competitor" name="Competitor" facet={facets.competitor} />
        <TextFilter />
        <button
          type="button"
          className="icon-button"
          aria-label="Show all rows"
          title="Show all rows"
          disabled={!isFiltered}
          onClick={() => setFilters({})}
        >
          <X aria-hidden />
        </button>
      </div>
    </div>
  );
}
