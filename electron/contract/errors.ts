import { type Fault, type FaultCode, type PlainCode, plainFault } from './faults.ts';

/** Codes that are not faults yet: their sentence is made where the error is thrown. New ones are added to `faults.ts`. */
export const ERROR_MESSAGES = {
  FEED_INVALID: 'The feed could not be understood.',
  ITEM_INVALID: 'This item is missing something it needs.',
  ITEM_DUPLICATE: 'This id was used before in the same feed.',
} as const;

export type SentenceCode = keyof typeof ERROR_MESSAGES;
export type ErrorCode = SentenceCode | FaultCode;

/**
 * An expected failure, as data: a fault (a code, and what its sentence needs), and the item (file, product, URL) that it is
 * about. It crosses a port as data too (see `contract.ts`), never as a stack trace. Its message is for logs; the sentence
 * for people is made where it is shown.
 */
export class LookalikeError extends Error {
  readonly code: ErrorCode;
  readonly item: string | undefined;
  /** Null for a code of `ERROR_MESSAGES`, whose sentence is the message. */
  readonly fault: Fault | null;

  /**
   * @param what a fault, or its code alone where it has no parameters
   *
   * @example
   * throw new LookalikeError({ code: 'FEED_EMPTY', params: { reasons } }, { item: url });
   * throw new LookalikeError('CATALOG_EMPTY');
   */
  constructor(
    what: SentenceCode | PlainCode | Fault,
    options: { detail?: string; item?: string; cause?: unknown } = {},
  ) {
    const fault = typeof what !== 'string' ? what : isSentenceCode(what) ? null : plainFault(what);
    const code = typeof what === 'string' ? what : what.code;
    const sentence = isSentenceCode(code) ? (options.detail ?? ERROR_MESSAGES[code]) : null;
    super(sentence ?? `${code} ${JSON.stringify(fault?.params)}`, { cause: options.cause });
    this.name = 'LookalikeError';
    this.code = code;
    this.fault = fault;
    this.item = options.item;
  }
}

function isSentenceCode(code: string): code is SentenceCode {
  return Object.hasOwn(ERROR_MESSAGES, code);
}
