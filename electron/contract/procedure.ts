import { oc } from '@orpc/contract';
import { z } from 'zod';
import { FAULT_CODES, type FaultCode } from './faults.ts';
import type { Scope } from './serving.ts';

/** The data of an error that is sent over a port with its code: the parameters of its sentence, if any, and the item. */
export const errorData = z.object({ item: z.string().optional(), params: z.unknown().optional() });
type ContractErrors = Record<FaultCode, { message: string; data: typeof errorData }>;

/** Every error that a call can fail with. */
export function contractErrors(): ContractErrors {
  const entries = FAULT_CODES.map((code) => [code, { message: code, data: errorData }]);
  return Object.fromEntries(entries);
}

/** What a client must be allowed to; null for calls that are not answered over HTTP. */
export interface ContractMeta {
  scope: Scope | null;
}

/** What every call of the contract begins with. Only the app may ask it, unless it is given a scope. */
export const procedure = oc.$meta<ContractMeta>({ scope: null }).errors(contractErrors());
