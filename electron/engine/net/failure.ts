import { STATUS_CODES } from 'node:http';
import type { Unreachable, UnreachableReason } from '../../contract/faults/network.ts';

/** A response with a status that is not a success. */
export class StatusError extends Error {
  readonly status: number;
  /** How long the server asks to wait, in milliseconds; 0 when it does not. */
  readonly retryAfterMs: number;
  /** host:port of the proxy that the response came through. The proxy itself may have made the response. */
  readonly proxy: string | null;

  /**
   * @param retryAfter the header: seconds, or a date
   */
  constructor(status: number, retryAfter: string | null, proxy: string | null = null) {
    super(`${status} ${nameOf(status)}`);
    this.name = 'StatusError';
    this.proxy = proxy;
    this.status = status;
    this.retryAfterMs = parseRetryAfter(retryAfter ?? '');
  }
}

/** A response that cannot be used, such as a redirect without a target. */
export class UnusableAnswerError extends Error {
  readonly reason: UnreachableReason;

  constructor(reason: UnreachableReason) {
    super(JSON.stringify(reason));
    this.name = 'UnusableAnswerError';
    this.reason = reason;
  }
}

/** A failure that involves a proxy: it could not be reached, it refused, or the request through it failed. */
export class ProxyError extends Error {
  /** host:port */
  readonly proxy: string;
  /** The proxy's status for the request to the server; null when there was none. */
  readonly status: number | null;
  /** No connection to the proxy could be made, so another route may be tried. */
  readonly unreachable: boolean;
  /** The server behind the proxy has failed. */
  readonly behind: boolean;

  constructor(
    proxy: string,
    what: { status?: number; cause?: unknown; unreachable?: boolean; behind?: boolean },
  ) {
    super(`The proxy at ${proxy} failed`, { cause: what.cause });
    this.name = 'ProxyError';
    this.proxy = proxy;
    this.status = what.status ?? null;
    this.unreachable = what.unreachable ?? false;
    this.behind = what.behind ?? false;
  }
}

/** Statuses of requests that may well succeed a moment later. */
const TEMPORARY_STATUS = new Set([408, 429, 500, 502, 503, 504]);
const TEMPORARY_CODES = new Set([
  'EAI_AGAIN',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'EPIPE',
  'ETIMEDOUT',
  'HPE_INVALID_EOF_STATE',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'UND_ERR_SOCKET',
  'Z_BUF_ERROR',
]);

export function isTemporary(cause: unknown): boolean {
  if (cause instanceof ProxyError)
    return cause.status === null ? isTemporary(cause.cause) : TEMPORARY_STATUS.has(cause.status);
  return cause instanceof StatusError
    ? TEMPORARY_STATUS.has(cause.status)
    : TEMPORARY_CODES.has(codeOf(cause));
}

/** The wait after 429 (too many requests) when the server does not say how long. */
const USUAL_WAIT_MS = 60_000;
/** A longer wait than this is not accepted from any server. */
const LONGEST_WAIT_MS = 24 * 3_600_000;

/** How long the server of a failed request asks to wait, in milliseconds; null when it does not. */
export function askedWaitMs(cause: unknown): number | null {
  if (!(cause instanceof StatusError) || !isTemporary(cause)) return null;
  if (cause.retryAfterMs > 0) return Math.min(cause.retryAfterMs, LONGEST_WAIT_MS);
  return cause.status === 429 ? USUAL_WAIT_MS : null;
}

/** The reason of a failure to read from the network or a disk. @param at the file or URL that was read */
export function unreachable(cause: unknown, at: string): Unreachable {
  if (cause instanceof ProxyError) {
    const { proxy: address, status, behind } = cause;
    const reason = status === null ? reasonOf(cause.cause) : statusReason(status, 0);
    return { at, reason, proxy: { address, failed: !behind } };
  }
  const proxy = cause instanceof StatusError ? cause.proxy : null;
  return { at, reason: reasonOf(cause), proxy: proxy === null ? null : { address: proxy, failed: false } };
}

/** The reason, by the error of the operating system, the network or the server. */
function reasonOf(cause: unknown): UnreachableReason {
  if (cause instanceof StatusError) return statusReason(cause.status, cause.retryAfterMs);
  if (cause instanceof UnusableAnswerError) return cause.reason;
  const code = codeOf(cause);
  if (/^(CERT_|ERR_TLS_CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/.test(code))
    return { kind: 'certificate', said: code };
  if (code.startsWith('ERR_SSL_')) return { kind: 'no-secure-connection', said: code };
  return REASONS[code] ?? { kind: 'other', said: cause instanceof Error ? cause.message : String(cause) };
}

/** Reasons by the error codes of Node, undici and zlib. */
const REASONS: Record<string, UnreachableReason> = {
  ENOENT: { kind: 'no-file' },
  EACCES: { kind: 'forbidden-file' },
  EPERM: { kind: 'forbidden-file' },
  EISDIR: { kind: 'folder-not-file' },
  ECONNREFUSED: { kind: 'refused' },
  ENOTFOUND: { kind: 'name-unknown' },
  EAI_AGAIN: { kind: 'name-unknown' },
  ERR_INVALID_URL: { kind: 'no-web-address' },
  ECONNRESET: { kind: 'broken-off' },
  UND_ERR_SOCKET: { kind: 'broken-off' },
  UND_ERR_RES_CONTENT_LENGTH_MISMATCH: { kind: 'wrong-length' },
  HPE_INVALID_EOF_STATE: { kind: 'broken-off' },
  UND_ERR_CONNECT_TIMEOUT: { kind: 'no-answer' },
  ETIMEDOUT: { kind: 'no-answer' },
  ENETUNREACH: { kind: 'offline' },
  EHOSTUNREACH: { kind: 'offline' },
  UND_ERR_HEADERS_TIMEOUT: { kind: 'silent' },
  UND_ERR_BODY_TIMEOUT: { kind: 'stopped-midway' },
  Z_BUF_ERROR: { kind: 'compressed-cut' },
  Z_DATA_ERROR: { kind: 'compressed-damaged' },
};

function statusReason(status: number, retryAfterMs: number): UnreachableReason {
  const waitSeconds = retryAfterMs > 0 ? Math.ceil(retryAfterMs / 1000) : null;
  return { kind: 'status', status, name: nameOf(status), waitSeconds };
}

const nameOf = (status: number): string => STATUS_CODES[status] ?? '';

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : '';

function parseRetryAfter(value: string): number {
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, date - Date.now());
}
