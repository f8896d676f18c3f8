import { LookalikeError } from '../../contract/errors.ts';
import { askedWaitMs } from '../net/failure.ts';
import { partialJson } from './json.ts';
import { isJsonLines, linesOf } from './json-lines.ts';
import { isUrl, type OpenResource, openResource, type ResourceRequest } from './resource.ts';
import { decodeText } from './text.ts';

/** Nothing is held but one item at a time; this keeps an endless answer from running for ever. */
const MAX_BYTES = 500_000_000;
const TIMEOUT_MS = 1_800_000;
/** As much as is looked at to tell what a document is. */
const HEAD_CHARACTERS = 1_000_000;

/** A feed's text on its way in. */
export interface FeedDocument {
  /** Where it was found, redirects followed: what is relative in it is relative to this. */
  url: string;
  /** Its first million characters, without white space before them. */
  head: string;
  /** The head read as JSON as far as it goes, NDJSON as the list of its lines; undefined when it does not begin as JSON. */
  json: unknown;
  /** All of it, the head included; to be read once. */
  text: AsyncIterable<string>;
  /** The answer's `Link` header: relation to absolute URL. */
  links: Record<string, string>;
  validator: string | null;
  /** The character set that the text was guessed to be in, once so much was read that it was guessed; else null. */
  readonly guessedCharset: string | null;
  /** The web address that its pictures stand under, where someone has said so. */
  imageBase: string | null;
  /** Opens a further page of this feed. */
  open(url: string): Promise<FeedDocument>;
  /** Lets go of a document that will not be read to its end. */
  close(): Promise<void>;
}

export interface DocumentRequest {
  signal: AbortSignal;
  /** Secrets, for the feed's own host alone. */
  headers?: Record<string, string>;
  validator?: string | null;
  /** Overrules what the document says of its encoding. */
  charset?: string | null;
  imageBase?: string | null;
  /**
   * Waits when a server asks to be left alone for longer than a try waits by itself (Retry-After), until the time in
   * milliseconds since the epoch. Answers false when that is too long. Without it nothing waits.
   */
  wait?: (host: string, until: number) => Promise<boolean>;
}

/**
 * Opens a feed's document and looks at its head.
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
      // No validator was given.
      if (page === 'unchanged') throw new Error('an unasked "unchanged"');
      return page;
    },
    close,
  };
}

/** Asks again for as long as the server asks for waits, and they are waited. */
async function openPatiently(
  ref: string,
  wait: DocumentRequest['wait'],
  request: ResourceRequest,
): Promise<OpenResource | 'unchanged'> {
  for (;;) {
    try {
      return await openResource(ref, request);
    } catch (error) {
      const asked = askedWaitMs(error instanceof LookalikeError ? error.cause : null);
      if (asked === null || !(await wait?.(new URL(ref).host, Date.now() + asked))) throw error;
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
  // A generator that was never begun cannot be ended, so this goes round it.
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
