import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { collected, decoded, TooLargeError } from '../net/body.ts';
import { type WebAnswer, type WebRequest, web } from '../net/client.ts';
import { UnusableAnswerError } from '../net/failure.ts';
import { failingAsOurs, toLookalikeError } from '../net/request-failure.ts';

/** What is asked for, of a file or a server alike; what only a server understands says nothing to a file. */
export type ResourceRequest = WebRequest;

export interface Resource {
  bytes: Uint8Array;
  /** Says later whether the resource has changed: an ETag or Last-Modified, or a file's size and time. */
  validator: string | null;
}

/** As a server's answer; `url` is a file's own path. Gzip is unpacked, whether the server or the file's own format is it. */
export type OpenResource = WebAnswer;

export const isUrl = (ref: string): boolean => /^https?:\/\//i.test(ref);

/**
 * The bytes at an absolute path or http(s) URL, or 'unchanged' when the validator of last time still holds.
 * @throws LookalikeError with `request.errors` codes, ADDRESS_REFUSED, AUTH_REFUSED or CANCELLED
 */
export async function readResource(ref: string, request: ResourceRequest): Promise<Resource | 'unchanged'> {
  if (isUrl(ref)) return web.read(ref, request);
  const opened = await openFile(ref, request);
  if (opened === 'unchanged') return opened;
  return { bytes: await collected(opened.stream), validator: opened.validator };
}

/**
 * As `readResource`, bit by bit: for what is too large to hold.
 * @throws LookalikeError as `readResource`, also out of the stream
 */
export function openResource(ref: string, request: ResourceRequest): Promise<OpenResource | 'unchanged'> {
  return isUrl(ref) ? web.open(ref, request) : openFile(ref, request);
}

async function openFile(path: string, request: ResourceRequest): Promise<OpenResource | 'unchanged'> {
  try {
    const info = await stat(path);
    if (!info.isFile())
      throw new UnusableAnswerError({ kind: info.isDirectory() ? 'folder-not-file' : 'no-file' });
    if (info.size > request.maxBytes) throw new TooLargeError();
    // Taken before the content: a change in between is then read twice rather than never.
    const validator = `${info.size}-${info.mtimeMs}`;
    if (validator === request.validator) return 'unchanged';
    const file = createFileStream(path, request.signal);
    const stream = failingAsOurs(decoded(file, '', request.maxBytes), path, request);
    return { stream, validator, url: path, contentType: null, links: {} };
  } catch (cause) {
    throw toLookalikeError(cause, path, request);
  }
}

/** Opened when it is first read, so that a stream nobody reads holds no file. */
async function* createFileStream(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path, { signal });
}
