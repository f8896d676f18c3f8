import { type Fault, type FaultCode, type PlainCode, plainFault } from './faults.ts';

/**
 * An expected failure, as data: a fault (a code and the parameters of its sentence), and the item (file, product, URL) that
 * it concerns. It is sent over a port as data too (see `contract.ts`), never as a stack trace. Its message is for logs; the
 * sentence for people is made where it is shown.
 */
export class LookalikeError extends Error {
  readonly code: FaultCode;
  readonly fault: Fault;
  readonly item: string | undefined;

  /**
   * @param what a fault, or only its code when the fault has no parameters
   * @example
   * throw new LookalikeError({ code: 'FEED_EMPTY', params: { reasons } }, { item: url });
   * throw new LookalikeError('CATALOG_EMPTY');
   */
  constructor(what: PlainCode | Fault, { item, cause }: { item?: string; cause?: unknown } = {}) {
    const fault = typeof what === 'string' ? plainFault(what) : what;
    super(`${fault.code} ${JSON.stringify(fault.params)}`, { cause });
    this.name = 'LookalikeError';
    this.code = fault.code;
    this.fault = fault;
    this.item = item;
  }
}
