import type { Fault } from '../../contract/faults.ts';
import type { ImportProblem } from '../../contract/publishing.ts';
import { problem } from './problem.ts';

/** Values that were not understood are named up to so many a field; what comes after is only counted. */
const MOST_VALUES = 50;

/** A fault that is said once of a whole feed, with the number of products it is about. */
export type CountedFault = Extract<Fault, { params: { count: number } }>;

/**
 * What is said once of a whole feed rather than once a product: one line for an availability that nobody knows, with
 * the first product that has it and how many have. Its size is bounded, whatever the feed holds.
 */
export class Remarks {
  readonly #lines = new Map<string, { item: string; fault: CountedFault }>();
  readonly #values = new Map<string, number>();

  /** Counts a problem that is of such a kind. Returns false, and does nothing, when it is not. */
  take({ item, image: _, ...fault }: ImportProblem): boolean {
    if (!isCounted(fault)) return false;
    const bounded = this.#bounded(fault);
    const line = this.#lines.get(keyOf(bounded));
    if (line) line.fault.params.count += bounded.params.count;
    else this.#lines.set(keyOf(bounded), { item, fault: bounded });
    return true;
  }

  /** One problem a kind, in the order in which they were met. */
  problems(): ImportProblem[] {
    return [...this.#lines.values()].map(({ item, fault }) => problem(item, fault));
  }

  #bounded(fault: CountedFault): CountedFault {
    const copy = structuredClone(fault);
    if (copy.code !== 'VALUE_UNKNOWN' || this.#lines.has(keyOf(copy))) return copy;
    const known = (this.#values.get(copy.params.field) ?? 0) + 1;
    if (known > MOST_VALUES) return { ...copy, params: { ...copy.params, value: null } };
    this.#values.set(copy.params.field, known);
    return copy;
  }
}

const keyOf = ({ code, params }: CountedFault): string => JSON.stringify([code, { ...params, count: 0 }]);

function isCounted(fault: Fault): fault is CountedFault {
  return 'count' in fault.params;
}
