import { lookup as dnsLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { Agent, type Dispatcher } from 'undici';
import { LookalikeError } from '../../../contract/errors.ts';
import type { VerifiedBy } from '../../../contract/models.ts';
import { connector, PrivateAddressError, publicConnector } from '../../net/address-guard.ts';
import { discard, header, isRedirect, MOST_REDIRECTS, redirectTarget } from '../../net/answer.ts';
import { failureInWords, isTemporary, StatusError, UnusableAnswerError } from '../../net/failure.ts';
import { PartFile, type ServerHash } from './part-file.ts';
import { ensureSpace } from './space.ts';

/** How much is borne from a server. */
export interface Patience {
  /** Times in a row that it is asked without bringing `progressBytes`. */
  tries: number;
  /** A try that brings so much is none of those: a poor line gets there in the end, a dripping server does not. */
  progressBytes: number;
  /** The wait before the second try; before each one after twice as long. */
  backoffMs: number;
  /** A server that asks for a longer wait is given up. */
  longestWaitMs: number;
  /** Without one byte for so long, the server counts as hung. */
  idleMs: number;
}

export const PATIENCE: Patience = {
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
}

/** The bytes that are here are not those of the file: what came before belonged to another version, or is damaged. */
class WrongBytesError extends Error {}

/** Fetches large files over lines that break, from servers that may misbehave. */
export class Downloader {
  readonly #patience: Patience;
  readonly #ownHost: Agent;
  readonly #public: Agent;

  constructor(patience: Patience = PATIENCE, lookup: LookupFunction = dnsLookup) {
    this.#patience = patience;
    const limits = { headersTimeout: patience.idleMs, bodyTimeout: patience.idleMs };
    this.#ownHost = new Agent({ ...limits, connect: connector(lookup) });
    this.#public = new Agent({ ...limits, connect: publicConnector(lookup) });
  }

  /**
   * Fetches a file to a path, going on with what is there from before. The bytes at the path are verified when this
   * returns; when it throws they are kept if they may be of use, and are never to be used.
   * @throws LookalikeError MODEL_DOWNLOAD_FAILED, MODEL_UNVERIFIABLE, MODEL_SPACE, ADDRESS_REFUSED, CANCELLED
   */
  async download(
    file: RemoteFile,
    path: string,
    signal: AbortSignal,
    watcher: DownloadWatcher,
  ): Promise<Landed> {
    const part = await PartFile.open(path, file.url);
    watcher.resumed(part.size);
    try {
      return await this.#persistently({ file, part, signal, watcher });
    } catch (cause) {
      throw signal.aborted ? new LookalikeError('CANCELLED', { cause }) : toLookalikeError(cause, file);
    } finally {
      await part.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all([this.#ownHost.destroy(), this.#public.destroy()]);
  }

  async #persistently(attempt: Attempt): Promise<Landed> {
    const { part, signal } = attempt;
    let mayHoldOther = part.size > 0;
    for (let tries = 1; ; tries++) {
      const before = part.size;
      try {
        await this.#fetch(attempt);
        return await verified(attempt);
      } catch (cause) {
        if (signal.aborted) throw cause;
        if (cause instanceof WrongBytesError) {
          await part.discard();
          if (!mayHoldOther) throw cause;
          mayHoldOther = false;
          continue;
        }
        // What is here by now came in pieces, of which one may be of another version.
        mayHoldOther ||= part.size > 0;
        if (part.size - before >= this.#patience.progressBytes) tries = 1;
        const pause = this.#pauseAfter(cause, tries);
        if (pause === null) throw cause;
        await wait(pause, undefined, { signal });
      }
    }
  }

  /** Milliseconds to wait before the next try, or null when there should be none. */
  #pauseAfter(cause: unknown, tries: number): number | null {
    if (tries >= this.#patience.tries || !isTemporary(cause)) return null;
    const asked = cause instanceof StatusError ? cause.retryAfterMs : 0;
    if (asked > this.#patience.longestWaitMs) return null;
    return Math.max(asked, this.#patience.backoffMs * 2 ** (tries - 1));
  }

  /** One try: the rest of the file, or all of it. */
  async #fetch(attempt: Attempt): Promise<void> {
    const { file, part, watcher } = attempt;
    const { origin } = part;
    if (origin?.total === part.size) return;
    const { answer, serverHash } = await this.#ask(attempt);
    if (answer.statusCode === 206) {
      if (!continues(answer, part, serverHash)) {
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
        : new StatusError(answer.statusCode, header(answer, 'retry-after'));
    }
    const total = part.origin?.total ?? null;
    for await (const bytes of answer.body) {
      await part.append(bytes);
      watcher.came(part.size, total);
      if (part.size > (file.bytes ?? total ?? MOST_BYTES)) throw new WrongBytesError();
    }
  }

  /** Sends the request and follows redirects. A hash counts when it comes from the host that was asked first. */
  async #ask({ file, part, signal }: Attempt) {
    let url = new URL(file.url);
    const { host } = url;
    let serverHash: ServerHash | null = null;
    for (let redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
      const agent = url.host === file.ownHost ? this.#ownHost : this.#public;
      const path = url.pathname + url.search;
      const answer = await agent.request({
        origin: url.origin,
        path,
        method: 'GET',
        headers: { 'user-agent': 'Lookalike', accept: '*/*', 'accept-encoding': 'identity', ...range(part) },
        signal,
      });
      if (url.host === host) serverHash ??= hashIn(answer);
      if (!isRedirect(answer)) return { answer: usable(answer), serverHash };
      discard(answer.body);
      url = redirectTarget(answer, url);
    }
    throw new UnusableAnswerError(`it redirects more than ${MOST_REDIRECTS} times`);
  }
}

/** Asks for what is missing, if the file is still the one that the kept bytes are of. */
function range({ size, origin }: PartFile): Record<string, string> {
  if (size === 0 || !origin) return {};
  const condition = origin.validator === null ? {} : { 'if-range': origin.validator };
  return { range: `bytes=${size}-`, ...condition };
}

/** Whether a partial answer is the rest of the file that the kept bytes are of. */
function continues(answer: Dispatcher.ResponseData, part: PartFile, serverHash: ServerHash | null): boolean {
  const [, first, total] = /^bytes (\d+)-\d+\/(\d+|\*)$/.exec(header(answer, 'content-range') ?? '') ?? [];
  const { origin } = part;
  if (!origin || Number(first) !== part.size) return false;
  if (total !== '*' && origin.total !== null && Number(total) !== origin.total) return false;
  if (serverHash && origin.serverHash && serverHash.hex !== origin.serverHash.hex) return false;
  const validator = validatorOf(answer);
  return validator === null || origin.validator === null || validator === origin.validator;
}

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
      throw new UnusableAnswerError(`it sends a file of ${total} bytes where ${file.bytes} are listed`);
    if (file.bytes === undefined && total !== null && total > MOST_BYTES)
      throw new UnusableAnswerError('it sends too large a file');
    if (!file.sha256 && !serverHash) throw new LookalikeError('MODEL_UNVERIFIABLE', { item: file.url });
    await ensureSpace(part.path, total ?? 0);
  } catch (cause) {
    discard(answer.body);
    throw cause;
  }
  await part.restart({ url: file.url, validator: validatorOf(answer), total, serverHash });
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
  throw new UnusableAnswerError(
    page
      ? 'it sent a web page in place of the file, perhaps to have you sign in to this network'
      : `it sent the file packed as "${packed}", which was not asked for`,
  );
}

/** A strong ETag, else the date of the last change: what If-Range takes (RFC 9110, 13.1.5). */
function validatorOf(answer: Dispatcher.ResponseData): string | null {
  const etag = header(answer, 'etag');
  return etag?.startsWith('"') ? etag : header(answer, 'last-modified');
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
  const failed = (detail: string) =>
    new LookalikeError('MODEL_DOWNLOAD_FAILED', { detail, item: url, cause });
  if (cause instanceof PrivateAddressError)
    return new LookalikeError('ADDRESS_REFUSED', {
      detail: `${cause.message} Only the mirror's own host may be there.`,
      item: url,
      cause,
    });
  if (cause instanceof WrongBytesError)
    return failed(`What ${host} sent is not the file it should be, so it was thrown away.`);
  if (cause instanceof UnusableAnswerError)
    return failed(`The model could not be downloaded from ${host}: ${cause.message}.`);
  if (cause instanceof Error && 'code' in cause && cause.code === 'ENOSPC')
    return new LookalikeError('MODEL_SPACE', { item: url, cause });
  const kept = isTemporary(cause) ? ' What was downloaded is kept; try again later.' : '';
  return failed(`${failureInWords(cause, host)}${kept}`);
}
