import type { FaultCode, FaultParams } from '../contract/faults.ts';

/** A fault inside another fault's parameters, not parsed yet. */
export type Inner = { code: string; params?: unknown };

/** Makes the sentence of a fault. */
export type Say = (fault: Inner) => string;

/** Sentences by code. `say` makes the sentence of a fault inside the parameters. */
export type Sentences<Code extends FaultCode> = {
  [C in Code]: (params: FaultParams[C], say: Say) => string;
};
