import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { collected, decoded, TooLargeError } from '../net/body.ts';
import { type WebAnswer, type WebRequest, web } from '../net/client.ts';
import { UnusableAnswerError } from '../net/failure.ts';
import { failingAsOurs, toLookalikeError } from '../net/request-failure.ts';
import { storedPath } from './stored-path.ts';

/** A request for a file or a URL. Fields that only concern a server have no effect on a file. */
export type ResourceRequest = WebRequest;

export interface Resource {
  bytes: Uint8Array;
  /** For the next request: an ETag or Last-Modified, or a file's size and time. */
  validator: string | null;
}

/**
 * Like a server's response; `url` is a file's own path. Gzip is unpacked, whether it is the server's encoding or the file's
 * format.
 */
export type OpenResource = WebAnswer;

export const isUrl = (ref: string): boolean => /^https?:\/\//i.test(ref);

/**
 * Reads an absolute path or http(s) URL. Returns 'unchanged' when the validator of the last read still matches.
 * @throws LookalikeError with `request.errors` codes, ADDRESS_REFUSED, AUTH_REFUSED or CANCELLED
 */
export async function readResource(ref: string, request: ResourceRequest): Promise<Resource | 'unchanged'> {
  if (isUrl(ref)) return web.read(ref, request);
  const opened = await openFile(ref, request);
  if (opened === 'unchanged') return opened;
  return { bytes: await collected(opened.stream), validator: opened.validator };
}

/**
 * Like `readResource`, as a stream, for resources that are too large for memory.
 * @throws LookalikeError as `readResource`; so does the stream
 */
export function openResource(ref: string, request: ResourceRequest): Promise<OpenResource | 'unchanged'> {
  return isUrl(ref) ? web.open(ref, request) : openFile(ref, request);
}

async function openFile(written: string, request: ResourceRequest): Promise<OpenResource | 'unchanged'> {
  let path = written;
  try {
    const info = await stat(path).catch(async (cause) => {
      path = await storedPath(written);
      if (path === written) throw cause;
      return stat(path);
    });
    if (!info.isFile())
      throw new UnusableAnswerError({ kind: info.isDirectory() ? 'folder-not-file' : 'no-file' });
    if (info.size > request.maxBytes) throw new TooLargeError();
    // Taken before the content: a change in between is then read twice rather than missed.
    const validator = `${info.size}-${info.mtimeMs}`;
    if (validator === request.validator) return 'unchanged';
    const file = createFileStream(path, request.signal);
    const stream = failingAsOurs(decoded(file, '', request.maxBytes), path, request);
    return { stream, validator, url: path, contentType: null, links: {} };
  } catch (cause) {
    throw toLookalikeError(cause, path, request);
  }
}

/** Opens the file at the first read, so that a stream nobody reads holds no file open. */
async function* createFileStream(path: string, signal: AbortSignal): AsyncGenerator<Uint8Array> {
  yield* createReadStream(path, { signal });
}
