import type { Availability, Snapshot } from '../../electron/contract/catalog.ts';
import type { Facets, Filters, SearchResponse } from '../../electron/contract/search.ts';
import { capitalised, formatPrice } from '../ui/format.ts';

/** The filters with a list of values, in the order in which they are shown. */
export const LIST_FIELDS = ['category', 'color', 'brand', 'availability', 'source'] as const;
export type ListField = (typeof LIST_FIELDS)[number];

export const FIELD_NAMES: Record<ListField, string> = {
  category: 'Category',
  color: 'Colour',
  brand: 'Brand',
  availability: 'Availability',
  source: 'Source',
};

export interface ActiveFilter {
  field: string;
  /** The text on the filter's chip. */
  label: string;
  /** The filters without this one. */
  without: Filters;
  /** The number of styles without this filter, if the facets have it. */
  leaves: number | null;
}

function toggled<T extends string>(values: readonly T[] | undefined, value: T): T[] {
  const others = (values ?? []).filter((other) => other !== value);
  return others.length === (values ?? []).length ? [...others, value] : others;
}

function withoutField(filters: Filters, field: keyof Filters): Filters {
  const { [field]: _, ...rest } = filters;
  return rest;
}

/** Adds a value to a field's filter, or removes it. */
export function toggleValue(filters: Filters, field: ListField, value: string): Filters {
  if (field === 'availability') {
    const known = AVAILABILITIES.find((each) => each === value);
    const values = known ? toggled(filters.availability, known) : [];
    return values.length > 0 ? { ...filters, availability: values } : withoutField(filters, field);
  }
  const values = toggled(filters[field], value);
  return values.length > 0 ? { ...filters, [field]: values } : withoutField(filters, field);
}

const AVAILABILITIES: readonly Availability[] = ['in stock', 'out of stock', 'preorder', 'backorder'];

export function toggleAttribute(filters: Filters, name: string, value: string): Filters {
  const { [name]: values, ...others } = filters.attributes ?? {};
  const next = toggled(values, value);
  const attributes = next.length > 0 ? { ...others, [name]: next } : others;
  return Object.keys(attributes).length > 0
    ? { ...filters, attributes }
    : withoutField(filters, 'attributes');
}

type PriceLimits = NonNullable<Filters['price']>;

/**
 * Sets the lowest or the highest price, whatever the prices in the answer are; null removes the limit. If the limits are the
 * wrong way round, they are swapped.
 */
export function setPriceLimit(filters: Filters, end: 'min' | 'max', limit: number | null): Filters {
  const { [end]: _, ...other } = filters.price ?? {};
  const price: PriceLimits = limit === null ? other : { ...other, [end]: limit };
  const { min, max } = price;
  if (min === undefined && max === undefined) return withoutField(filters, 'price');
  if (min !== undefined && max !== undefined && min > max) {
    return { ...filters, price: { min: max, max: min } };
  }
  return { ...filters, price };
}

/**
 * A sentence for when no product passes the price filter although some pass all others; null when the price is not the
 * reason.
 * @param range the prices of the products that pass the other filters
 */
export function noPriceWords(
  { price }: Filters,
  range: Facets['price'],
  currency: string | null,
): string | null {
  if (!price || !range) return null;
  const limits = priceWords(price, currency);
  const [lowest, highest] = [formatPrice(range.min, currency), formatPrice(range.max, currency)];
  if (price.max !== undefined && price.max < range.min)
    return `Nothing ${limits}; the cheapest is ${lowest}.`;
  if (price.min !== undefined && price.min > range.max)
    return `Nothing ${limits}; the dearest is ${highest}.`;
  return `Nothing ${limits}; the prices go from ${lowest} to ${highest}.`;
}

/** The name of a value on screen. For a source, whose value is an id, its name in this snapshot. */
export function valueName(
  field: ListField,
  value: string,
  { sources = [] }: Pick<Snapshot, 'sources'>,
): string {
  if (field !== 'source') return capitalised(value);
  return sources.find(({ id }) => id === value)?.name ?? (value || 'No source');
}

/** All active filters, one for each value. */
export function activeFilters(
  filters: Filters,
  { facets, snapshot }: Pick<SearchResponse, 'facets' | 'snapshot'>,
  currency: string | null,
): ActiveFilter[] {
  const active: ActiveFilter[] = LIST_FIELDS.flatMap((field) => {
    const values = filters[field] ?? [];
    const leaves = values.length === 1 ? facets[field].reduce((sum, { count }) => sum + count, 0) : null;
    return values.map((value) => ({
      field: FIELD_NAMES[field],
      label: valueName(field, value, snapshot),
      without: toggleValue(filters, field, value),
      leaves,
    }));
  });
  if (filters.price) {
    const label = priceWords(filters.price, currency);
    active.push({ field: 'Price', label, without: withoutField(filters, 'price'), leaves: null });
  }
  for (const [name, values] of Object.entries(filters.attributes ?? {})) {
    for (const value of values) {
      active.push({
        field: name,
        label: value,
        without: toggleAttribute(filters, name, value),
        leaves: null,
      });
    }
  }
  return active;
}

function priceWords({ min, max }: PriceLimits, currency: string | null): string {
  if (min === undefined) return `up to ${formatPrice(max ?? 0, currency)}`;
  if (max === undefined) return `from ${formatPrice(min, currency)}`;
  if (min === max) return `at ${formatPrice(min, currency)}`;
  return `from ${formatPrice(min, currency)} to ${formatPrice(max, currency)}`;
}

/**
 * A facet's values in the order in which they were first seen, so that they do not move when counts change. Active values
 * stay visible even when they would leave nothing.
 */
export function steadyValues(
  facet: readonly { value: string; count: number }[],
  seen: readonly string[],
  ticked: readonly string[],
): { value: string; count: number }[] {
  const counts = new Map(facet.map(({ value, count }) => [value, count]));
  return [...new Set([...seen, ...counts.keys(), ...ticked])]
    .map((value) => ({ value, count: counts.get(value) ?? 0 }))
    .filter(({ value, count }) => count > 0 || ticked.includes(value));
}
