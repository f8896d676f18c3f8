import type { Clause } from './conditions.ts';

/** A value of a catalog's field, and how many products have it. */
export interface CatalogValue {
  field: 'category' | 'brand' | 'color' | 'size' | 'attribute';
  /** The attribute's name; else empty. */
  name: string;
  value: string;
  products: number;
}

export type SenseKind = 'color' | 'category' | 'brand' | 'size' | 'property' | 'title';

/** What a word or several words can mean in a catalog. */
export interface Sense {
  kind: SenseKind;
  /** The values of the catalog that it stands for. */
  values: readonly string[];
  /** Clauses that the word's products meet, those that fit best first; later levels are wider. */
  levels: readonly (readonly Clause[])[];
  /** What comes near, for when hardly a product meets the rest. */
  near: readonly (readonly Clause[])[];
  /** Other things of the same use, for when no product does: a jacket for a coat. */
  related: readonly (readonly Clause[])[];
}

export const isCategory = ({ field }: CatalogValue): boolean => field === 'category';

/** The levels of two meanings of which either will do. */
export function together(one: Sense['levels'], other: Sense['levels']): Clause[][] {
  const length = Math.max(one.length, other.length);
  return Array.from({ length }, (_, i) => [...(one[i] ?? []), ...(other[i] ?? [])]);
}

/** Groups of values as levels, each value in the first of them that has it. */
export function levelsOf(groups: readonly (readonly CatalogValue[])[]): {
  values: CatalogValue[];
  levels: Clause[][];
} {
  const seen = new Set<CatalogValue>();
  const levels = groups.map((group) => {
    const fresh = group.filter((value) => !seen.has(value));
    for (const value of fresh) seen.add(value);
    return fresh;
  });
  return {
    values: [...seen],
    levels: levels.map(clausesOf).filter((clauses) => clauses.length > 0),
  };
}

/** The sense of a word that is a value of the catalog. */
export function senseOfValues(kind: SenseKind, values: readonly CatalogValue[]): Sense {
  return {
    kind,
    values: values.map(({ value }) => value),
    levels: [clausesOf(values)],
    near: [],
    related: [],
  };
}

/** Clauses for products with one of these values. */
export function clausesOf(values: readonly CatalogValue[]): Clause[] {
  const of = (field: CatalogValue['field']) => values.filter((each) => each.field === field);
  const names = (field: CatalogValue['field']) => of(field).map(({ value }) => value);
  const [category, brand, color, size] = [names('category'), names('brand'), names('color'), names('size')];
  const attribute = of('attribute').map(({ name, value }) => ({ name, value }));
  return [
    ...(category.length > 0 ? [{ category }] : []),
    ...(brand.length > 0 ? [{ brand }] : []),
    ...(color.length > 0 ? [{ color }] : []),
    ...(size.length > 0 ? [{ size }] : []),
    ...(attribute.length > 0 ? [{ attribute }] : []),
  ];
}
