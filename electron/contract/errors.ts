import { type Fault, type FaultCode, type PlainCode, plainFault } from './faults.ts';

/**
 * An expected failure, as data: a fault (a code, and what its sentence needs), and the item (file, product, URL) that it is
 * about. It crosses a port as data too (see `contract.ts`), never as a stack trace. Its message is for logs; the sentence
 * for people is made where it is shown.
 */
export class LookalikeError extends Error {
  readonly code: FaultCode;
  readonly fault: Fault;
  readonly item: string | undefined;

  /**
   * @param what a fault, or its code alone where it has no parameters
   *
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
