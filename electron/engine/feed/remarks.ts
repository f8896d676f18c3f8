import type { Fault } from '../../contract/faults.ts';
import type { ImportProblem } from '../../contract/publishing.ts';
import { problem } from './problem.ts';

/** Values of each field that are listed; further ones are only counted. */
const MOST_VALUES = 50;

/** A fault that is reported once for a whole feed, with the number of products that it concerns. */
export type CountedFault = Extract<Fault, { params: { count: number } }>;

/**
 * Problems that are reported once for a whole feed rather than once per product: for example one line for an unknown
 * availability, with the first product that has it and the number of products. The size is limited, whatever the feed
 * contains.
 */
export class Remarks {
  readonly #lines = new Map<string, { item: string; fault: CountedFault }>();
  readonly #values = new Map<string, number>();

  /** Counts a problem of such a kind. Returns false, and does nothing, for other problems. */
  take({ item, image: _, ...fault }: ImportProblem): boolean {
    if (!isCounted(fault)) return false;
    const bounded = this.#bounded(fault);
    const line = this.#lines.get(keyOf(bounded));
    if (line) line.fault.params.count += bounded.params.count;
    else this.#lines.set(keyOf(bounded), { item, fault: bounded });
    return true;
  }

  /** One problem of each kind, in the order of their first occurrence. */
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
