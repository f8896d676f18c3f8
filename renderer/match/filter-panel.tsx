import { X } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import type { Facets, Filters, SearchResponse } from '../../electron/contract/search.ts';
import { capitalised, formatCount } from '../ui/format.ts';
import {
  FIELD_NAMES,
  LIST_FIELDS,
  steadyValues,
  toggleAttribute,
  toggleValue,
  valueName,
} from './filters.ts';
import { setFilters, useMatch } from './match.ts';
import { PriceFilter } from './price-filter.tsx';
import { Swatch } from './swatch.tsx';
import './filter-panel.css';

/** Values shown before "Show all". */
const SHORT = 7;

interface ChoicesProps {
  name: string;
  facet: Facets['category'];
  ticked: readonly string[];
  onToggle: (value: string) => void;
  /** The name of a value on screen. */
  nameOf?: (value: string) => string;
  swatches?: boolean;
}

function Choices({ name, facet, ticked, onToggle, nameOf = capitalised, swatches = false }: ChoicesProps) {
  const [all, setAll] = useState(false);
  const [seen, setSeen] = useState<readonly string[]>([]);
  const fresh = facet.map(({ value }) => value).filter((value) => !seen.includes(value));
  if (fresh.length > 0) setSeen([...seen, ...fresh]);
  const values = steadyValues(facet, seen, ticked);
  const shown = all ? values : values.filter(({ value }, index) => index < SHORT || ticked.includes(value));
  return (
    <fieldset className="choices">
      <legend className="visually-hidden">{name}</legend>
      {shown.map(({ value, count }) => (
        <label key={value} className="choice">
          <input type="checkbox" checked={ticked.includes(value)} onChange={() => onToggle(value)} />
          {swatches && <Swatch name={value} />}
          <span className="choice-value" dir="auto" title={nameOf(value)}>
            {nameOf(value)}
          </span>
          <span className="label numbers">{formatCount(count)}</span>
        </label>
      ))}
      {values.length > shown.length && (
        <button type="button" className="link-quiet label choices-all" onClick={() => setAll(true)}>
          Show all {formatCount(values.length)}
        </button>
      )}
    </fieldset>
  );
}

function Attributes({ facets, filters }: { facets: Facets['attributes']; filters: Filters }) {
  return facets.map(({ name, values }) => {
    const ticked = filters.attributes?.[name] ?? [];
    return (
      <details key={name} className="filter filter-folded" open={ticked.length > 0}>
        <summary>{capitalised(name)}</summary>
        <Choices
          name={name}
          facet={values}
          ticked={ticked}
          onToggle={(value) => setFilters(toggleAttribute(filters, name, value))}
        />
      </details>
    );
  });
}

function Fields({ answer, currency }: { answer: SearchResponse; currency: string | null }) {
  const { facets, snapshot } = answer;
  const filters = useMatch((state) => state.filters);
  const lists = LIST_FIELDS.map((field) => {
    const ticked = filters[field] ?? [];
    // Nearly every catalog has one source, which is no choice.
    const least = field === 'source' ? 2 : 1;
    if (facets[field].length < least && ticked.length === 0) return null;
    return (
      <section key={field} className="filter">
        <h3>{FIELD_NAMES[field]}</h3>
        <Choices
          name={FIELD_NAMES[field]}
          facet={facets[field]}
          ticked={ticked}
          onToggle={(value) => setFilters(toggleValue(filters, field, value))}
          nameOf={(value) => valueName(field, value, snapshot)}
          swatches={field === 'color'}
        />
      </section>
    );
  });
  return (
    <>
      {lists.slice(0, 2)}
      {facets.price && (
        <PriceFilter filters={filters} range={facets.price} currency={currency} onChange={setFilters} />
      )}
      {lists.slice(2)}
      <Attributes facets={facets.attributes} filters={filters} />
    </>
  );
}

/** All filters of the catalog, with the number of styles that each value would leave. */
export function FilterPanel({ onClose }: { onClose: () => void }) {
  // Results are drawn first.
  const answer = useDeferredValue(useMatch((state) => state.answer));
  const currency = useMatch((state) => state.currency);
  const active = useMatch((state) => Object.keys(state.filters).length > 0);
  return (
    <section className="filters" aria-label="Filters">
      <header className="side-head">
        <h2>Filters</h2>
        {active && (
          <button type="button" className="button quiet" onClick={() => setFilters({})}>
            Clear all
          </button>
        )}
        <button
          type="button"
          className="icon-button only-narrow"
          aria-label="Close filters"
          onClick={onClose}
        >
          <X aria-hidden />
        </button>
      </header>
      {answer && <Fields answer={answer} currency={currency} />}
    </section>
  );
}
