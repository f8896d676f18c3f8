import type { Availability } from '../../electron/contract/catalog.ts';
import type { Facets, Filters } from '../../electron/contract/search.ts';
import { capitalised, formatPrice } from '../ui/format.ts';

/** The filters that are lists of words, in the order they are shown. */
export const LIST_FIELDS = ['category', 'color', 'brand', 'availability'] as const;
export type ListField = (typeof LIST_FIELDS)[number];

export const FIELD_NAMES: Record<ListField, string> = {
  category: 'Category',
  color: 'Colour',
  brand: 'Brand',
  availability: 'Availability',
};

export interface ActiveFilter {
  field: string;
  /** What it lets through, as shown on its chip. */
  label: string;
  /** The filters with this one taken away. */
  without: Filters;
  /** How many products taking it away would leave, where the facets tell. */
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

/** Adds a value to a field's filter, or takes it away again. */
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

/** Lets through prices from `min` to `max`; an end at or beyond the catalog's own range is no limit. */
export function setPriceRange(
  filters: Filters,
  range: { min: number; max: number },
  ends: { min: number; max: number },
): Filters {
  const price = {
    ...(range.min > ends.min && { min: range.min }),
    ...(range.max < ends.max && { max: range.max }),
  };
  return Object.keys(price).length > 0 ? { ...filters, price } : withoutField(filters, 'price');
}

/** Every filter in force, one for each value. */
export function activeFilters(filters: Filters, facets: Facets, currency: string | null): ActiveFilter[] {
  const active: ActiveFilter[] = LIST_FIELDS.flatMap((field) => {
    const values = filters[field] ?? [];
    const leaves = values.length === 1 ? facets[field].reduce((sum, { count }) => sum + count, 0) : null;
    return values.map((value) => ({
      field: FIELD_NAMES[field],
      label: capitalised(value),
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

function priceWords({ min, max }: NonNullable<Filters['price']>, currency: string | null): string {
  if (min === undefined) return `up to ${formatPrice(max ?? 0, currency)}`;
  if (max === undefined) return `from ${formatPrice(min, currency)}`;
  return `${formatPrice(min, currency)} to ${formatPrice(max, currency)}`;
}

/**
 * A facet's values in the order they were first seen in, so that they do not jump as counts change. What is ticked stays
 * in sight even when it would leave nothing.
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
