import { Slider } from 'radix-ui';
import { useState } from 'react';
import type { Facets, Filters } from '../../electron/contract/search.ts';
import { formatPrice } from '../ui/format.ts';
import { setPriceLimit } from './filters.ts';
import { readTypedPrice } from './typed-price.ts';
import '../ui/slider.css';
import './price-filter.css';

interface PriceFilterProps {
  filters: Filters;
  /** Prices of the products that pass the other filters. */
  range: NonNullable<Facets['price']>;
  currency: string | null;
  onChange: (filters: Filters) => void;
}

/** Without grouping, so that the text in the field can be edited. */
const PLAIN = new Intl.NumberFormat(undefined, { useGrouping: false });

interface PriceInputProps {
  label: string;
  value: number;
  /** Called with a text that is not a price, which the filter then reports; with null once that is corrected. */
  onUnreadable: (typed: string | null) => void;
  /** Called with null when the field was emptied: no limit. */
  onCommit: (to: number | null) => void;
}

/** A number field that applies its value on blur or Enter. */
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
    onCommit(amount);
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
  const { min, max } = filters.price ?? {};
  // The slider covers the range of the prices. A limit beyond them stays as it was typed.
  const within = (price: number) => Math.min(Math.max(price, ends.min), ends.max);
  const chosen: [number, number] = [within(min ?? ends.min), within(max ?? ends.max)];
  const [draft, setDraft] = useState<[number, number] | null>(null);
  const [unreadable, setUnreadable] = useState<string | null>(null);
  const [low, high] = draft ?? chosen;
  if (ends.min === ends.max && !filters.price) return null;

  const read = ([from = ends.min, to = ends.max]: number[]): [number, number] => [from, to];
  // Only the moved thumb sets a limit. At its end of the scale it removes the limit.
  const slideTo = ([from, to]: [number, number]) => {
    setDraft(null);
    let next = filters;
    if (from !== chosen[0]) next = setPriceLimit(next, 'min', from === ends.min ? null : from);
    if (to !== chosen[1]) next = setPriceLimit(next, 'max', to === ends.max ? null : to);
    onChange(next);
  };
  return (
    <section className="filter">
      <h3>Price</h3>
      {ends.min < ends.max && (
        <Slider.Root
          className="slider"
          min={ends.min}
          max={ends.max}
          value={[low, high]}
          onValueChange={(values) => setDraft(read(values))}
          onValueCommit={(values) => slideTo(read(values))}
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
      )}
      <div className="price-inputs">
        <PriceInput
          label="Lowest price"
          value={draft?.[0] ?? min ?? ends.min}
          onUnreadable={setUnreadable}
          onCommit={(limit) => onChange(setPriceLimit(filters, 'min', limit))}
        />
        <span className="label">to</span>
        <PriceInput
          label="Highest price"
          value={draft?.[1] ?? max ?? ends.max}
          onUnreadable={setUnreadable}
          onCommit={(limit) => onChange(setPriceLimit(filters, 'max', limit))}
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
