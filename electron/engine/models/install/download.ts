import type { Dispatcher } from 'undici';
import { LookalikeError } from '../../../contract/errors.ts';
import type { VerifiedBy } from '../../../contract/models.ts';
import { PrivateAddressError } from '../../net/address-guard.ts';
import { discard, header } from '../../net/answer.ts';
import { type HttpClient, web } from '../../net/client.ts';
import { isTemporary, StatusError, UnusableAnswerError, unreachable } from '../../net/failure.ts';
import { continues, type Kept, rangeHeaders, rangeValidator } from '../../net/resume.ts';
import { type Patience, persistently } from '../../net/retry.ts';
import { PartFile, type ServerHash } from './part-file.ts';
import { ensureSpace, noSpace } from './space.ts';

export interface DownloadPatience extends Patience {
  /**
   * A try that brings this many bytes does not count towards `tries`: a poor line finishes in the end, a server that sends a
   * few bytes at a time does not.
   */
  progressBytes: number;
}

export const PATIENCE: DownloadPatience = {
  tries: 5,
  progressBytes: 1_000_000,
  backoffMs: 500,
  longestWaitMs: 60_000,
  idleMs: 30_000,
};

/** The largest accepted file, in bytes. No file of a model that fits this app is larger. */
const MOST_BYTES = 8_000_000_000;

export interface RemoteFile {
  url: string;
  /** The host that the admin configured. It may be on this machine or in its network; all other hosts must be public. */
  ownHost: string | null;
  bytes?: number | undefined;
  sha256?: string | undefined;
}

/** A finished download, and the source of the hash that verified it. */
export interface Landed {
  sha256: string;
  by: VerifiedBy;
}

/** Receives the number of bytes on disk and the expected total. */
export interface DownloadWatcher {
  /** Bytes that an earlier download left on disk. */
  resumed(here: number): void;
  came(here: number, total: number | null): void;
}

interface Attempt {
  file: RemoteFile;
  part: PartFile;
  signal: AbortSignal;
  watcher: DownloadWatcher;
  patience: DownloadPatience;
  client: HttpClient;
}

/** The bytes on disk are not those of the file: they came from another version, or are damaged. */
class WrongBytesError extends Error {}

/**
 * Downloads a large file to a path and resumes what an earlier try has left there. The line may break and the server may
 * misbehave. When this returns, the bytes at the path are verified. When it throws, bytes that may still be useful stay at
 * the path; they are unverified and must not be used.
 * @throws LookalikeError MODEL_DOWNLOAD_FAILED, MODEL_UNVERIFIABLE, MODEL_SPACE, ADDRESS_REFUSED, CANCELLED
 */
export async function download(
  file: RemoteFile,
  path: string,
  watcher: DownloadWatcher,
  signal: AbortSignal,
  { patience, client }: { patience: DownloadPatience; client: HttpClient } = {
    patience: PATIENCE,
    client: web,
  },
): Promise<Landed> {
  const part = await PartFile.open(path, file.url);
  watcher.resumed(part.size);
  try {
    return await gather({ file, part, signal, watcher, patience, client });
  } catch (cause) {
    if (cause instanceof WrongBytesError) await part.discard();
    throw signal.aborted ? new LookalikeError('CANCELLED', { cause }) : toLookalikeError(cause, file);
  } finally {
    await part.close();
  }
}

/**
 * Tries until the file is complete and verified. When the bytes turn out wrong, they are deleted and downloaded once more.
 */
async function gather(attempt: Attempt): Promise<Landed> {
  const { part, patience, signal } = attempt;
  // The bytes on disk before a try may belong to another version of the file than the bytes of that try.
  let mayHoldOther = false;
  let before = 0;
  const one = async () => {
    before = part.size;
    mayHoldOther ||= before > 0;
    await fetchRest(attempt);
    return verified(attempt);
  };
  const progressed = () => part.size - before >= patience.progressBytes;
  const how = { patience, signal, progressed };
  try {
    return await persistently(one, how);
  } catch (cause) {
    if (!(cause instanceof WrongBytesError) || signal.aborted || !mayHoldOther) throw cause;
    await part.discard();
    return await persistently(one, how);
  }
}

/** One try: downloads the rest of the file, or all of it. */
async function fetchRest(attempt: Attempt): Promise<void> {
  const { file, part, watcher } = attempt;
  const kept = keptIn(part);
  if (kept?.total === part.size) return;
  const { answer, serverHash, proxy } = await ask(attempt, kept);
  if (answer.statusCode === 206) {
    const known = part.origin?.serverHash;
    const other = serverHash && known && serverHash.hex !== known.hex;
    if (!kept || other || !continues(answer, kept)) {
      discard(answer.body);
      throw new WrongBytesError();
    }
  } else if (answer.statusCode === 200) {
    await begin(attempt, answer, serverHash);
  } else {
    discard(answer.body);
    // The range begins beyond the file's end, so the bytes on disk belong to another file.
    throw answer.statusCode === 416
      ? new WrongBytesError()
      : new StatusError(answer.statusCode, header(answer, 'retry-after'), proxy);
  }
  const total = part.origin?.total ?? null;
  for await (const bytes of answer.body) {
    await part.append(bytes);
    watcher.came(part.size, total);
    if (part.size > (file.bytes ?? total ?? MOST_BYTES)) throw new WrongBytesError();
  }
}

/**
 * Sends the request. A hash in the response counts only when it comes from the first host, not from one it redirected to.
 */
async function ask({ file, signal, patience, client }: Attempt, kept: Kept | null) {
  const first = new URL(file.url);
  const hashes: ServerHash[] = [];
  const { answer, proxy } = await client.send(first, {
    reason: 'model',
    headers: { 'accept-encoding': 'identity', ...rangeHeaders(kept) },
    ownHost: file.ownHost,
    idleMs: patience.idleMs,
    signal,
    onAnswer: (each, { host }) => {
      const hash = host === first.host ? hashIn(each) : null;
      if (hash) hashes.push(hash);
    },
  });
  return { answer: usable(answer), serverHash: hashes[0] ?? null, proxy };
}

const keptIn = ({ size, origin }: PartFile): Kept | null =>
  origin && { size, validator: origin.validator, total: origin.total };

/** Starts a complete file. Its size and hash are noted before its first byte is written. */
async function begin(
  { file, part }: Attempt,
  answer: Dispatcher.ResponseData,
  serverHash: ServerHash | null,
) {
  const length = Number(header(answer, 'content-length') ?? Number.NaN);
  const total = Number.isNaN(length) ? (file.bytes ?? null) : length;
  try {
    if (file.bytes !== undefined && total !== file.bytes)
      throw new UnusableAnswerError({ kind: 'other-size', bytes: total ?? 0, listed: file.bytes });
    if (file.bytes === undefined && total !== null && total > MOST_BYTES)
      throw new UnusableAnswerError({ kind: 'too-large' });
    if (!file.sha256 && !serverHash) throw new LookalikeError('MODEL_UNVERIFIABLE', { item: file.url });
    await ensureSpace(part.path, total ?? 0);
  } catch (cause) {
    discard(answer.body);
    throw cause;
  }
  await part.restart({ url: file.url, validator: rangeValidator(answer), total, serverHash });
}

async function verified({ file, part }: Attempt): Promise<Landed> {
  const { sha256 } = part;
  const server = part.origin?.serverHash ?? null;
  const right = file.sha256 ? sha256 === file.sha256 : server !== null && (await part.matches(server));
  if (!right || (file.bytes !== undefined && part.size !== file.bytes)) throw new WrongBytesError();
  return { sha256, by: file.sha256 ? 'manifest' : 'hub' };
}

/** @throws UnusableAnswerError when the response is an HTML page or compressed */
function usable(answer: Dispatcher.ResponseData): Dispatcher.ResponseData {
  const packed = header(answer, 'content-encoding') ?? 'identity';
  const page = /^text\/html\b/i.test(header(answer, 'content-type') ?? '');
  if (answer.statusCode >= 300 || (!page && packed === 'identity')) return answer;
  discard(answer.body);
  throw new UnusableAnswerError(page ? { kind: 'web-page' } : { kind: 'packed', encoding: packed });
}

/**
 * The hash that a model hub sends: `X-Linked-ETag`, or `ETag` without it. It is a sha256, or git's object id for small
 * files.
 */
function hashIn(answer: Dispatcher.ResponseData): ServerHash | null {
  const etag = header(answer, 'x-linked-etag') ?? header(answer, 'etag') ?? '';
  const hex = /^(?:W\/)?"?([0-9a-f]{40}|[0-9a-f]{64})"?$/.exec(etag)?.[1];
  return hex === undefined ? null : { algorithm: hex.length === 64 ? 'sha256' : 'git', hex };
}

function toLookalikeError(cause: unknown, { url }: RemoteFile): LookalikeError {
  if (cause instanceof LookalikeError) return cause;
  const { host } = new URL(url);
  const about = { item: url, cause };
  if (cause instanceof PrivateAddressError) {
    const params = { host: cause.host, unless: 'mirror' } as const;
    return new LookalikeError({ code: 'ADDRESS_REFUSED', params }, about);
  }
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC') return noSpace(about);
  const why =
    cause instanceof WrongBytesError
      ? { at: host, reason: { kind: 'wrong-bytes' } as const, proxy: null }
      : unreachable(cause, host);
  const params = { ...why, kept: isTemporary(cause) };
  return new LookalikeError({ code: 'MODEL_DOWNLOAD_FAILED', params }, about);
}
