import type { Facets, Filters } from '../../contract/schemas.ts';
import { type ImageRow, plainAttributes } from './schema.ts';

/** Beyond this many different values an attribute is a description, not a filter. */
const MOST_VALUES = 60;

/**
 * Counts, for each field, the products that each of its values would leave with all the *other* filters applied: the
 * numbers beside a field's values must not fall to zero because one of them was chosen.
 * @param select one row for each product that passes the filters
 */
export async function countFacets(
  filters: Filters,
  select: (filters: Filters) => Promise<(ImageRow | undefined)[]>,
): Promise<Facets> {
  const others = async (field: keyof Filters) => {
    const { [field]: _, ...rest } = filters;
    return (await select(rest)).filter((row) => row !== undefined);
  };
  const field = async (name: 'category' | 'brand' | 'color' | 'availability') =>
    sorted(countValues((await others(name)).map((row) => row[name])));

  return {
    category: await field('category'),
    brand: await field('brand'),
    color: await field('color'),
    availability: await field('availability'),
    price: priceRange(await others('price')),
    attributes: await countAttributes(filters, select, await others('attributes')),
  };
}

async function countAttributes(
  filters: Filters,
  select: (filters: Filters) => Promise<(ImageRow | undefined)[]>,
  unfiltered: ImageRow[],
): Promise<Facets['attributes']> {
  const chosen = filters.attributes ?? {};
  const narrowed = Object.keys(chosen).length > 0 ? await select(filters) : unfiltered;
  const facets = tally(narrowed);
  for (const name of Object.keys(chosen)) {
    const { [name]: _, ...rest } = chosen;
    const values = tally(await select({ ...filters, attributes: rest })).get(name);
    if (values) facets.set(name, values);
  }
  return [...facets]
    .filter(
      ([name, values]) => Object.hasOwn(chosen, name) || (values.size > 1 && values.size <= MOST_VALUES),
    )
    .map(([name, values]) => ({ name, values: sorted(values) }))
    .sort((a, b) => a.name.localeCompare(b.name));
}

function tally(rows: readonly (ImageRow | undefined)[]): Map<string, Map<string, number>> {
  const facets = new Map<string, Map<string, number>>();
  for (const row of rows) {
    for (const [name, value] of plainAttributes(row?.attributes ?? {})) {
      const values = facets.get(name) ?? new Map<string, number>();
      values.set(value, (values.get(value) ?? 0) + 1);
      facets.set(name, values);
    }
  }
  return facets;
}

function countValues(values: (string | null)[]): Map<string, number> {
  const counts = new Map<string, number>();
  for (const value of values) if (value !== null) counts.set(value, (counts.get(value) ?? 0) + 1);
  return counts;
}

function sorted(counts: Map<string, number>): { value: string; count: number }[] {
  return [...counts]
    .map(([value, count]) => ({ value, count }))
    .sort((a, b) => b.count - a.count || a.value.localeCompare(b.value));
}

function priceRange(rows: ImageRow[]): Facets['price'] {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for (const { price } of rows) {
    if (price === null) continue;
    min = Math.min(min, price);
    max = Math.max(max, price);
  }
  return min <= max ? { min, max } : null;
}
