import { lookup } from 'node:dns';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { SentenceCode } from '../../contract/errors.ts';
import { collected, decoded, TooLargeError } from './body.ts';
import { HttpReader, PATIENCE } from './http.ts';
import { failingInWords, toLookalikeError } from './resource-failure.ts';

export interface ResourceRequest {
  /** Of the answer as it came, and of what it unpacks to. */
  maxBytes: number;
  /** For the whole answer with all its tries, so that a server that drips cannot hold the import. */
  timeoutMs: number;
  /** What a failure is called, since a feed and an image fail in words of their own. */
  errors: { unreachable: SentenceCode; tooLarge: SentenceCode };
  signal: AbortSignal;
  /** That of last time, to be told when nothing has changed since. */
  validator?: string | null;
  /** Secrets of the feed, such as `authorization`: sent to the host of `ref`, and only when that is the feed's own. */
  headers?: Record<string, string>;
  /** host[:port] of the feed, the one place where a private address is meant. */
  feedHost?: string;
}

export interface Resource {
  bytes: Uint8Array;
  /** Says later whether the resource has changed: an ETag or Last-Modified, or a file's size and time. */
  validator: string | null;
}

export interface OpenResource {
  /** Unpacked, whether the server or the file's own format compressed it. Fails as `openResource` does. */
  stream: AsyncIterable<Uint8Array>;
  validator: string | null;
  /** Where it was found after redirects; a file's own path. */
  url: string;
  contentType: string | null;
  /** The Link header: relation ("next") to absolute URL. */
  links: Record<string, string>;
}

const http = new HttpReader(PATIENCE, lookup);

export const isUrl = (ref: string): boolean => /^https?:\/\//i.test(ref);

/**
 * The bytes at an absolute path or http(s) URL, or 'unchanged' when the validator of last time still holds.
 * @throws LookalikeError with `request.errors` codes, ADDRESS_REFUSED, AUTH_REFUSED or CANCELLED
 */
export async function readResource(ref: string, request: ResourceRequest): Promise<Resource | 'unchanged'> {
  if (isUrl(ref)) return http.read(ref, request);
  const opened = await openFile(ref, request);
  if (opened === 'unchanged') return opened;
  return { bytes: await collected(opened.stream), validator: opened.validator };
}

/**
 * As `readResource`, bit by bit: for what is too large to hold.
 * @throws LookalikeError as `readResource`, also out of the stream
 */
export function openResource(ref: string, request: ResourceRequest): Promise<OpenResource | 'unchanged'> {
  return isUrl(ref) ? http.open(ref, request) : openFile(ref, request);
}

async function openFile(path: string, request: ResourceRequest): Promise<OpenResource | 'unchanged'> {
  try {
    const info = await stat(path);
    if (!info.isFile()) throw new Error('it is not a file');
    if (info.size > request.maxBytes) throw new TooLargeError();
    // Taken before the content: a change in between is then read twice rather than never.
    const validator = `${info.size}-${info.mtimeMs}`;
    if (validator === request.validator) return 'unchanged';
    const file = createFileStream(path, request.signal);
    const stream = failingInWords(decoded(file, '', request.maxBytes), path, request);
    return { stream, validator, url: path, contentType: null, links: {} };
  } catch (cause) {
    throw toLookalikeError(cause, path, request);
  }
}

/** Opened when it is first read, so that a stream nobody reads holds no file. */
async function* createFileStream(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path, { signal });
}
