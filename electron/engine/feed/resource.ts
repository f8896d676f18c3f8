import { open } from 'node:fs/promises';
import { type ErrorCode, LookalikeError } from '../../contract/errors.ts';

export interface ResourceLimits {
  maxBytes: number;
  /** For the whole answer, so that a server that drips cannot hold the import. */
  timeoutMs: number;
  /** What a failure is called, since a feed and an image fail in words of their own. */
  errors: { unreachable: ErrorCode; tooLarge: ErrorCode };
  signal: AbortSignal;
}

export interface Resource {
  bytes: Uint8Array;
  /** Says later whether the resource has changed: an ETag or Last-Modified, or a file's size and time. */
  validator: string | null;
}

export const isUrl = (ref: string): boolean => /^https?:\/\//i.test(ref);

/**
 * The bytes at an absolute path or http(s) URL, or 'unchanged' when the validator of last time still holds.
 * @throws LookalikeError with `limits.errors` codes, or CANCELLED
 */
export async function readResource(
  ref: string,
  limits: ResourceLimits,
  validator: string | null = null,
): Promise<Resource | 'unchanged'> {
  try {
    return isUrl(ref) ? await download(ref, limits, validator) : await readLocal(ref, limits, validator);
  } catch (cause) {
    if (cause instanceof LookalikeError) throw cause;
    if (limits.signal.aborted) throw new LookalikeError('CANCELLED');
    throw new LookalikeError(limits.errors.unreachable, {
      detail: reason(ref, cause, limits),
      item: ref,
      cause,
    });
  }
}

async function readLocal(
  path: string,
  limits: ResourceLimits,
  validator: string | null,
): Promise<Resource | 'unchanged'> {
  const file = await open(path);
  try {
    const info = await file.stat();
    if (!info.isFile()) throw new Error('it is not a file');
    if (info.size > limits.maxBytes) throw tooLarge(path, limits);
    const current = `${info.size}-${info.mtimeMs}`;
    if (current === validator) return 'unchanged';
    return { bytes: await file.readFile(), validator: current };
  } finally {
    await file.close();
  }
}

async function download(
  url: string,
  limits: ResourceLimits,
  validator: string | null,
): Promise<Resource | 'unchanged'> {
  const response = await fetch(url, {
    headers: conditional(validator),
    signal: AbortSignal.any([limits.signal, AbortSignal.timeout(limits.timeoutMs)]),
  });
  if (response.status === 304 && validator) return 'unchanged';
  if (!response.ok) {
    await response.body?.cancel();
    throw new LookalikeError(limits.errors.unreachable, {
      detail: `The server answered ${response.status} ${response.statusText}`.trimEnd().concat('.'),
      item: url,
    });
  }
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of response.body ?? []) {
    length += part.length;
    if (length > limits.maxBytes) throw tooLarge(url, limits);
    parts.push(part);
  }
  const etag = response.headers.get('etag');
  const modified = response.headers.get('last-modified');
  return {
    bytes: Buffer.concat(parts),
    validator: etag ? `etag:${etag}` : modified ? `modified:${modified}` : null,
  };
}

function conditional(validator: string | null): Record<string, string> {
  if (validator?.startsWith('etag:')) return { 'if-none-match': validator.slice('etag:'.length) };
  if (validator?.startsWith('modified:')) return { 'if-modified-since': validator.slice('modified:'.length) };
  return {};
}

function tooLarge(item: string, limits: ResourceLimits): LookalikeError {
  const limit = `${Math.round(limits.maxBytes / 1e6)} MB`;
  return new LookalikeError(limits.errors.tooLarge, { detail: `It is larger than ${limit}.`, item });
}

/** The operating system's and the network's ways of saying no, in words. */
function reason(ref: string, cause: unknown, limits: ResourceLimits): string {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  const code = inner instanceof Error && 'code' in inner ? String(inner.code) : '';
  if (inner instanceof Error && inner.name === 'TimeoutError') {
    return `No complete answer came within ${limits.timeoutMs / 1000} seconds.`;
  }
  const words: Record<string, string> = {
    ENOENT: `There is no file at ${ref}.`,
    EACCES: `This file may not be read: ${ref}.`,
    EPERM: `This file may not be read: ${ref}.`,
    EISDIR: `${ref} is a folder, not a file.`,
    ECONNREFUSED: `Nothing answers at ${ref}.`,
    ENOTFOUND: `The address ${ref} was not found. Is this machine online?`,
    EAI_AGAIN: `The address ${ref} was not found. Is this machine online?`,
  };
  return (
    words[code] ?? `${ref} could not be read (${inner instanceof Error ? inner.message : String(inner)}).`
  );
}
