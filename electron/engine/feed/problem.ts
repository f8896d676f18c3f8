import type { Fault, FaultParams } from '../../contract/faults.ts';
import type { ImportProblem } from '../../contract/publishing.ts';

/** A line of the import report that is not about one image. */
export function problem(item: string, fault: Fault): ImportProblem {
  return { item, image: null, ...fault };
}

/** An item that is left out, or what is left off it. */
export function invalidItem(item: string, params: FaultParams['ITEM_INVALID']): ImportProblem {
  return problem(item, { code: 'ITEM_INVALID', params });
}
