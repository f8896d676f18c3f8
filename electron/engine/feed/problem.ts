import type { Fault, FaultParams } from '../../contract/faults.ts';
import type { ImportProblem } from '../../contract/publishing.ts';

/** A line of the import report that does not concern one image. */
export function problem(item: string, fault: Fault): ImportProblem {
  return { item, image: null, ...fault };
}

/** The problem of an item that was left out, or of a field of it that was left out. */
export function invalidItem(item: string, params: FaultParams['ITEM_INVALID']): ImportProblem {
  return problem(item, { code: 'ITEM_INVALID', params });
}
