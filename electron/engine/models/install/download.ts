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
  /** A try that brings so much is none of the `tries`: a poor line gets there in the end, a dripping server does not. */
  progressBytes: number;
}

export const PATIENCE: DownloadPatience = {
  tries: 5,
  progressBytes: 1_000_000,
  backoffMs: 500,
  longestWaitMs: 60_000,
  idleMs: 30_000,
};

/** No single file of a model that fits this app is larger. */
const MOST_BYTES = 8_000_000_000;

export interface RemoteFile {
  url: string;
  /** The host that the admin named, which may be on this machine or in its network; all others must be public. */
  ownHost: string | null;
  bytes?: number | undefined;
  sha256?: string | undefined;
}

/** What came, and whose word it is that it is right. */
export interface Landed {
  sha256: string;
  by: VerifiedBy;
}

/** Told how many bytes are here, and how many there will be. */
export interface DownloadWatcher {
  /** They were here from before. */
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

/** The bytes that are here are not those of the file: what came before belonged to another version, or is damaged. */
class WrongBytesError extends Error {}

/**
 * Fetches a large file to a path, over a line that may break and from a server that may misbehave, going on with what
 * is there from before. The bytes at the path are verified when this returns; when it throws they are kept if they may
 * be of use, and are never to be used.
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

/** Tries until the file is whole and right. Bytes that turn out wrong are thrown away and asked for once more. */
async function gather(attempt: Attempt): Promise<Landed> {
  const { part, patience, signal } = attempt;
  // What was here before a try may be of another version of the file than what that try brings.
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

/** One try: the rest of the file, or all of it. */
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
    // The range lies beyond the file's end: it is not the file that the kept bytes are of.
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

/** Sends the request. A hash counts when it comes from the host that was asked first. */
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

/** A whole file begins: its size and hash are known before its first byte is kept. */
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

/** @throws UnusableAnswerError when it is a page for people or packed */
function usable(answer: Dispatcher.ResponseData): Dispatcher.ResponseData {
  const packed = header(answer, 'content-encoding') ?? 'identity';
  const page = /^text\/html\b/i.test(header(answer, 'content-type') ?? '');
  if (answer.statusCode >= 300 || (!page && packed === 'identity')) return answer;
  discard(answer.body);
  throw new UnusableAnswerError(page ? { kind: 'web-page' } : { kind: 'packed', encoding: packed });
}

/** A hub's own hash: `X-Linked-ETag`, or `ETag` where that is missing. A sha256, or for small files git's. */
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
