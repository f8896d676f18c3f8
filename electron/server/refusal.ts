import { ORPCError } from '@orpc/client';
import { type Fault, type FaultCode, fault } from '../contract/faults.ts';
import { sharedSentence } from '../sentences/speaker.ts';

/** A request that is not answered, as the client is told. It never holds a path, a stack or a message of the system. */
export class Refusal extends Error {
  readonly status: number;
  /** For programs: a fault's code, or the name of the status. */
  readonly code: string;
  readonly headers: Readonly<Record<string, string>>;

  /** @param sentence for people */
  constructor(status: number, code: string, sentence: string, headers: Record<string, string> = {}) {
    super(sentence);
    this.name = 'Refusal';
    this.status = status;
    this.code = code;
    this.headers = headers;
  }
}

export const badRequest = (sentence: string): Refusal => new Refusal(400, 'BAD_REQUEST', sentence);

export const tooMany = (sentence: string, retryAfterSeconds = 1): Refusal =>
  new Refusal(429, 'TOO_MANY_REQUESTS', sentence, { 'retry-after': String(retryAfterSeconds) });

export const engineStopped = (): Refusal =>
  new Refusal(503, 'ENGINE_STOPPED', 'The search engine is starting.', { 'retry-after': '5' });

/** The faults that a client can do something about, with their status. All others are the server's own. */
const STATUS: Partial<Record<FaultCode, number>> = {
  IMAGE_UNREADABLE: 422,
  IMAGE_UNSUPPORTED: 415,
  IMAGE_TOO_LARGE: 413,
  IMAGE_TOO_SLOW: 422,
  IMAGE_MISSING: 422,
  PICTURE_ADDRESS_PRIVATE: 422,
  AUTH_REFUSED: 422,
  CROP_INVALID: 422,
  ITEM_INVALID: 422,
  PRODUCT_INVALID: 422,
  PRODUCT_WITHOUT_PICTURE: 422,
  FEED_EMPTY: 422,
  PRODUCT_UNKNOWN: 404,
  SOURCE_UNKNOWN: 404,
  SNAPSHOT_UNKNOWN: 404,
  MODEL_UNKNOWN: 404,
  CATALOG_BUSY: 409,
  GATE_REMOVALS: 409,
  GATE_NOT_FOUND: 409,
  MODEL_BUSY: 409,
  MODEL_IN_USE: 409,
  MODEL_WITHOUT_WORDS: 501,
  CATALOG_EMPTY: 503,
  ENGINE_STOPPED: 503,
  CANCELLED: 503,
};

/** Sentences of faults whose own names a command or a screen. */
const OWN: Partial<Record<FaultCode, string>> = {
  GATE_REMOVALS:
    'This would remove more than 30 % of the products. Send "confirmRemovals": true if it is meant.',
};

/** Said of everything that is not the client's doing. The reason is in the log of the server. */
const OUR_FAULT = 'Lookalike could not answer. Its status says why.';

/** What a client is told of an error. */
export function refusalOf(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof ORPCError && error.code === 'BAD_REQUEST') {
    return new Refusal(400, 'BAD_REQUEST', invalidPart(error.data) ?? 'The request was not understood.');
  }
  // The port to the engine was closed in the middle.
  if (error instanceof Error && error.name === 'AbortError') return engineStopped();
  const known = faultOf(error);
  const status = known ? STATUS[known.code] : undefined;
  if (!known || status === undefined) return new Refusal(500, known?.code ?? 'INTERNAL', OUR_FAULT);
  const sentence = OWN[known.code] ?? sharedSentence(known) ?? OUR_FAULT;
  return new Refusal(status, known.code, sentence, status === 503 ? { 'retry-after': '5' } : {});
}

/** What a client is told of a product or a picture that could not be used. */
export function refusalOfFault(known: Fault): Refusal {
  return new Refusal(STATUS[known.code] ?? 422, known.code, sharedSentence(known) ?? OUR_FAULT);
}

/** The fault that the engine answered with. */
function faultOf(error: unknown): Fault | null {
  if (!(error instanceof ORPCError)) return null;
  const { code, data } = error;
  const params: unknown = typeof data === 'object' && data !== null && 'params' in data ? data.params : {};
  return fault.safeParse({ code, params }).data ?? null;
}

/** The first part of the input that breaks the contract. */
function invalidPart(data: unknown): string | null {
  if (typeof data !== 'object' || data === null || !('issues' in data) || !Array.isArray(data.issues))
    return null;
  const [issue]: unknown[] = data.issues;
  if (typeof issue !== 'object' || issue === null || !('message' in issue)) return null;
  const path = 'path' in issue && Array.isArray(issue.path) ? issue.path.map(String).join('.') : '';
  return `${path === '' ? 'The request' : `"${path}"`}: ${String(issue.message)}.`;
}
