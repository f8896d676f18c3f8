import type { Filters } from '../../contract/search.ts';

/** A product meets a clause when it has one of the values of every field of it. */
export interface Clause {
  /** Null stands for products without a category. */
  category?: readonly (string | null)[];
  brand?: readonly string[];
  color?: readonly string[];
  size?: readonly string[];
  /** One attribute with one of these values, whatever its name. */
  attribute?: readonly { name: string; value: string }[];
  /** Stems (`stemOf`), or several with spaces between, of which the title has one. */
  title?: readonly string[];
  /** The same, of which the title has none. */
  untitled?: readonly string[];
  price?: { min?: number; max?: number };
  /** This clause has to be met too. */
  and?: Clause;
}

/** A product meets a condition when it meets any of its clauses; or none of them, if they are not wanted. */
export interface Condition {
  not?: true;
  anyOf: readonly Clause[];
}

/** What products have to meet to be ranked: the filters of a request, and what its words were understood as. */
export interface Conditions extends Filters {
  words?: readonly Condition[];
}

/** A clause that is met where both are. */
export function bothClauses(one: Clause, other: Clause): Clause {
  return { ...one, and: one.and ? bothClauses(one.and, other) : other };
}
