import { Slider } from 'radix-ui';
import { useState } from 'react';
import type { Facets, Filters } from '../../electron/contract/search.ts';
import { formatPrice } from '../ui/format.ts';
import { setPriceRange } from './filters.ts';
import { readTypedPrice } from './typed-price.ts';
import '../ui/slider.css';
import './price-filter.css';

interface PriceFilterProps {
  filters: Filters;
  /** Of the products that pass the other filters. */
  range: NonNullable<Facets['price']>;
  currency: string | null;
  onChange: (filters: Filters) => void;
}

/** Without grouping, so that what stands in the field can be typed again. */
const PLAIN = new Intl.NumberFormat(undefined, { useGrouping: false });

interface PriceInputProps {
  label: string;
  value: number;
  /** What was typed and is not a price is told to the filter, which says so; null once that is mended. */
  onUnreadable: (typed: string | null) => void;
  onCommit: (to: number) => void;
}

/** A number field that is taken when it is left or Enter is pressed. */
function PriceInput({ label, value, onUnreadable, onCommit }: PriceInputProps) {
  const [draft, setDraft] = useState<string | null>(null);
  const [invalid, setInvalid] = useState(false);
  const note = (unreadable: string | null) => {
    setInvalid(unreadable !== null);
    onUnreadable(unreadable);
  };
  const commit = () => {
    if (draft === null) return;
    const amount = readTypedPrice(draft);
    if (amount === null && draft.trim() !== '') {
      note(draft.trim());
      return;
    }
    note(null);
    setDraft(null);
    if (amount !== null) onCommit(amount);
  };
  return (
    <input
      className="text-input numbers"
      inputMode="decimal"
      aria-label={label}
      aria-invalid={invalid}
      maxLength={30}
      value={draft ?? PLAIN.format(value)}
      onChange={(event) => setDraft(event.target.value)}
      onBlur={commit}
      onKeyDown={(event) => event.key === 'Enter' && commit()}
    />
  );
}

/** Lowest and highest price, by slider or by number. */
export function PriceFilter({ filters, range, currency, onChange }: PriceFilterProps) {
  const ends = { min: Math.floor(range.min), max: Math.ceil(range.max) };
  const chosen: [number, number] = [
    Math.min(Math.max(filters.price?.min ?? ends.min, ends.min), ends.max),
    Math.max(Math.min(filters.price?.max ?? ends.max, ends.max), ends.min),
  ];
  const [draft, setDraft] = useState<[number, number] | null>(null);
  const [unreadable, setUnreadable] = useState<string | null>(null);
  const [low, high] = draft ?? chosen;
  if (ends.min === ends.max) return null;

  const commit = (min: number, max: number) => {
    setDraft(null);
    onChange(setPriceRange(filters, { min: Math.min(min, max), max: Math.max(min, max) }, ends));
  };
  const read = ([min = ends.min, max = ends.max]: number[]): [number, number] => [min, max];
  return (
    <section className="filter">
      <h3>Price</h3>
      <Slider.Root
        className="slider"
        min={ends.min}
        max={ends.max}
        value={[low, high]}
        onValueChange={(values) => setDraft(read(values))}
        onValueCommit={(values) => commit(...read(values))}
      >
        <Slider.Track className="slider-track">
          <Slider.Range className="slider-range" />
        </Slider.Track>
        <Slider.Thumb
          className="slider-thumb"
          aria-label="Lowest price"
          aria-valuetext={formatPrice(low, currency)}
        />
        <Slider.Thumb
          className="slider-thumb"
          aria-label="Highest price"
          aria-valuetext={formatPrice(high, currency)}
        />
      </Slider.Root>
      <div className="price-inputs">
        <PriceInput
          label="Lowest price"
          value={low}
          onUnreadable={setUnreadable}
          onCommit={(to) => commit(to, high)}
        />
        <span className="label">to</span>
        <PriceInput
          label="Highest price"
          value={high}
          onUnreadable={setUnreadable}
          onCommit={(to) => commit(low, to)}
        />
        {currency && <span className="label">{currency}</span>}
      </div>
      {unreadable && (
        <p className="label price-unreadable" role="alert">
          “<bdi>{unreadable}</bdi>” is not a price. Type a number, such as {PLAIN.format(99.5)}.
        </p>
      )}
    </section>
  );
}
