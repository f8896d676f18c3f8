import type { FaultCode, FaultParams } from '../contract/faults.ts';

/** A fault as it comes inside another one's parameters: not checked yet. */
export type Inner = { code: string; params?: unknown };

/** What a front says of anything that went wrong. */
export type Say = (fault: Inner) => string;

/** Sentences by code. `say` makes the sentence of a fault that the parameters hold. */
export type Sentences<Code extends FaultCode> = {
  [C in Code]: (params: FaultParams[C], say: Say) => string;
};
