import { LookalikeError } from '../../contract/errors.ts';
import { askedWaitMs } from '../net/failure.ts';
import { partialJson } from './json.ts';
import { isJsonLines, linesOf } from './json-lines.ts';
import { isUrl, type OpenResource, openResource, type ResourceRequest } from './resource.ts';
import { decodeText } from './text.ts';

/** The most bytes of a document. Only one item at a time is held in memory; the limit ends an endless response. */
const MAX_BYTES = 500_000_000;
const TIMEOUT_MS = 1_800_000;
/** Characters that are examined to recognise a document. */
const HEAD_CHARACTERS = 1_000_000;

/** A feed's text while it is read. */
export interface FeedDocument {
  /** Its URL after redirects. Relative references in the document are relative to this URL. */
  url: string;
  /** Its first million characters, without leading white space. */
  head: string;
  /**
   * The head parsed as JSON as far as possible, NDJSON as the list of its lines; undefined when it does not begin as JSON.
   */
  json: unknown;
  /** The whole text, the head included. It can be read once. */
  text: AsyncIterable<string>;
  /** The response's `Link` header: relation to absolute URL. */
  links: Record<string, string>;
  validator: string | null;
  /** The character set that was guessed for the text; null until enough was read to guess, or when there was no need to. */
  readonly guessedCharset: string | null;
  /** The base URL of its pictures, when the admin has given one. */
  imageBase: string | null;
  /** Opens a further page of this feed. */
  open(url: string): Promise<FeedDocument>;
  /** Closes a document that will not be read to its end. */
  close(): Promise<void>;
}

export interface DocumentRequest {
  signal: AbortSignal;
  /** Secrets, sent only to the feed's own host. */
  headers?: Record<string, string>;
  validator?: string | null;
  /** Takes precedence over the encoding that the document declares. */
  charset?: string | null;
  imageBase?: string | null;
  /**
   * Called when a server asks to wait longer (Retry-After) than a single try does. Waits until the time in milliseconds
   * since the epoch, or resolves to false when that is too long. Without this function nothing waits.
   */
  wait?: (host: string, until: number) => Promise<boolean>;
}

/**
 * Opens a feed's document and reads its head.
 * @param ref absolute path or http(s) URL
 * @throws LookalikeError FEED_UNREACHABLE, FEED_TOO_LARGE, FEED_INVALID, CANCELLED; so does reading the text
 */
export function openDocument(ref: string, request: DocumentRequest): Promise<FeedDocument | 'unchanged'> {
  return openPart(ref, request, isUrl(ref) ? new URL(ref).host : null);
}

async function openPart(
  ref: string,
  request: DocumentRequest,
  feedHost: string | null,
): Promise<FeedDocument | 'unchanged'> {
  const resource = await openPatiently(ref, request.wait, {
    reason: 'feed',
    maxBytes: MAX_BYTES,
    timeoutMs: TIMEOUT_MS,
    errors: { unreachable: 'FEED_UNREACHABLE', tooLarge: 'FEED_TOO_LARGE' },
    signal: request.signal,
    validator: request.validator ?? null,
    headers: request.headers ?? {},
    ownHost: feedHost,
  });
  if (resource === 'unchanged') return 'unchanged';
  const { url, links, validator, contentType } = resource;
  const decoded = decodeText(resource.stream, { ref, contentType, charset: request.charset ?? null });
  const { head, whole, close } = await lookAhead(decoded.text);
  return {
    url,
    head: head.trimStart(),
    json: headJson(head),
    text: whole,
    links,
    validator,
    imageBase: request.imageBase ?? null,
    get guessedCharset() {
      return decoded.guessed;
    },
    open: async (next) => {
      const page = await openPart(next, { ...request, validator: null }, feedHost);
      // No validator was sent, so the page cannot be "unchanged".
      if (page === 'unchanged') throw new Error('an unasked "unchanged"');
      return page;
    },
    close,
  };
}

/** Opens the document, and tries again after every wait that the server asks for and `wait` allows. */
async function openPatiently(
  ref: string,
  wait: DocumentRequest['wait'],
  request: ResourceRequest,
): Promise<OpenResource | 'unchanged'> {
  for (;;) {
    try {
      return await openResource(ref, request);
    } catch (error) {
      const waitMs = askedWaitMs(error instanceof LookalikeError ? error.cause : null);
      if (waitMs === null || !(await wait?.(new URL(ref).host, Date.now() + waitMs))) throw error;
    }
  }
}

function headJson(head: string): unknown {
  if (!/^\s*[[{]/.test(head)) return undefined;
  return isJsonLines(head) ? linesOf(head) : partialJson(head);
}

async function lookAhead(text: AsyncIterable<string>) {
  const rest = text[Symbol.asyncIterator]();
  let head = '';
  let ended = false;
  while (!ended && head.length < HEAD_CHARACTERS) {
    const next = await rest.next();
    if (next.done) ended = true;
    else head += next.value;
  }
  // A generator that has not started cannot be closed through its own `finally`, so this closes the stream directly.
  const close = async () => {
    await rest.return?.();
  };
  return { head, whole: rejoined(head, rest), close };
}

async function* rejoined(head: string, rest: AsyncIterator<string>): AsyncGenerator<string> {
  try {
    yield head;
    for (let next = await rest.next(); !next.done; next = await rest.next()) yield next.value;
  } finally {
    await rest.return?.();
  }
}
