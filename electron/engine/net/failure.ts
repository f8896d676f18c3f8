import { STATUS_CODES } from 'node:http';

/** An answer that is not the resource. */
export class StatusError extends Error {
  readonly status: number;
  /** How long the server asks to be left alone, 0 when it does not. */
  readonly retryAfterMs: number;

  /**
   * @param retryAfter the header: seconds, or a date
   * @param proxy host:port of the proxy that the answer came through, which may have made it
   */
  constructor(status: number, retryAfter: string | null, proxy: string | null = null) {
    const way = proxy === null ? '' : `, through the proxy at ${proxy},`;
    super(`The server${way} answered ${named(status)}`);
    this.name = 'StatusError';
    this.status = status;
    this.retryAfterMs = parseRetryAfter(retryAfter ?? '');
  }
}

/** An answer that leads nowhere, for a reason in words: "it …". */
export class UnusableAnswerError extends Error {}

/** The proxy's part of a failure: it could not be reached, it said no, or something failed by way of it. */
export class ProxyError extends Error {
  /** host:port */
  readonly proxy: string;
  /** What the proxy answered to being asked for the server; null when it did not come to that. */
  readonly status: number | null;
  /** No connection to the proxy itself could be made, so another way may be tried. */
  readonly unreachable: boolean;
  /** It is the server behind the proxy that failed. */
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

/** Requests that failed like this are as likely as not to succeed a moment later. */
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

/** What 429 (too many requests) means where the server does not say how long to wait. */
const USUAL_WAIT_MS = 60_000;
/** No server is believed that asks to be left alone for longer. */
const LONGEST_WAIT_MS = 24 * 3_600_000;

/** How long a failed request's server asks to be left alone, in milliseconds; null when it does not. */
export function askedWaitMs(cause: unknown): number | null {
  if (!(cause instanceof StatusError) || !isTemporary(cause)) return null;
  if (cause.retryAfterMs > 0) return Math.min(cause.retryAfterMs, LONGEST_WAIT_MS);
  return cause.status === 429 ? USUAL_WAIT_MS : null;
}

/** The operating system's, the network's and the server's ways of saying no, in words. */
export function failureInWords(cause: unknown, item: string): string {
  if (cause instanceof StatusError) return statusInWords(cause);
  if (cause instanceof ProxyError) return proxyFailureInWords(cause, item);
  const code = codeOf(cause);
  if (/^(CERT_|ERR_TLS_CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/.test(code)) {
    return `The server at ${item} could not prove who it is (${code}).`;
  }
  if (code.startsWith('ERR_SSL_')) return `No secure connection to ${item} could be made (${code}).`;
  const known: Record<string, string> = {
    ENOENT: `There is no file at ${item}.`,
    EACCES: `This file may not be read: ${item}.`,
    EPERM: `This file may not be read: ${item}.`,
    EISDIR: `${item} is a folder, not a file.`,
    ECONNREFUSED: `Nothing answers at ${item}.`,
    ENOTFOUND: notFoundInWords(item),
    EAI_AGAIN: notFoundInWords(item),
    ERR_INVALID_URL: `This is not a web address: ${item}.`,
    ECONNRESET: 'The server broke the connection off.',
    UND_ERR_SOCKET: 'The server broke the connection off.',
    UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'The server sent less or more than it announced.',
    HPE_INVALID_EOF_STATE: 'The server broke the connection off.',
    UND_ERR_CONNECT_TIMEOUT: `Nothing answers at ${item}.${PROXY_HINT}`,
    ETIMEDOUT: `Nothing answers at ${item}.${PROXY_HINT}`,
    ENETUNREACH: `There is no way to ${item} from this machine. Is it online?${PROXY_HINT}`,
    EHOSTUNREACH: `There is no way to ${item} from this machine. Is it online?${PROXY_HINT}`,
    UND_ERR_HEADERS_TIMEOUT: 'The server took the request and sent no answer.',
    UND_ERR_BODY_TIMEOUT: 'The server stopped in the middle of its answer.',
    Z_BUF_ERROR: 'The compressed data breaks off.',
    Z_DATA_ERROR: 'The compressed data is damaged.',
  };
  return (
    known[code] ?? `${item} could not be read (${cause instanceof Error ? cause.message : String(cause)}).`
  );
}

/**
 * A network that lets nothing out but by its proxy looks like one that is down. (Said of what was tried directly;
 * where a proxy is in use, the failure is the proxy's.)
 */
const PROXY_HINT =
  " No proxy is in use for it; if this network needs one, set it in the computer's network settings or in HTTPS_PROXY.";

const notFoundInWords = (item: string) =>
  `The address ${item} was not found. Is this machine online?${PROXY_HINT}`;

/** What a proxy has to do with a failure, naming it. */
function proxyFailureInWords({ proxy, status, cause, behind }: ProxyError, item: string): string {
  const it = `The proxy at ${proxy}`;
  if (status === 407)
    return `${it} asks for a user name and password. Set them in HTTPS_PROXY or HTTP_PROXY: http://name:password@${proxy}.`;
  if (status !== null) return `${it} does not let ${item} through: it answered ${named(status)}.`;
  const code = codeOf(cause);
  if (behind) return `${failureInWords(cause, item)} This was through the proxy at ${proxy}.`;
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return `${it} was not found. Is this machine online?`;
  if (code === 'ECONNREFUSED' || code === 'ETIMEDOUT' || code === 'UND_ERR_CONNECT_TIMEOUT')
    return `${it} does not answer. Is its address right?`;
  if (code === 'UND_ERR_HEADERS_TIMEOUT') return `${it} took the request and sent no answer.`;
  if (code === 'ECONNRESET' || code === 'UND_ERR_SOCKET') return `${it} broke the connection off.`;
  if (/^(CERT_|ERR_TLS_CERT_|UNABLE_TO_|SELF_SIGNED|DEPTH_ZERO)/.test(code))
    return `${it} could not prove who it is (${code}).`;
  return `${it} could not be used (${cause instanceof Error ? cause.message : String(cause)}).`;
}

const named = (status: number) => `${status} ${STATUS_CODES[status] ?? ''}`.trimEnd();

function statusInWords({ message, retryAfterMs, status }: StatusError): string {
  if (status === 401) return `${message}: it asks for a user name and password or a key.`;
  const seconds = Math.ceil(retryAfterMs / 1000);
  return seconds > 0 ? `${message} and asks to wait ${seconds} seconds.` : `${message}.`;
}

const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : '';

function parseRetryAfter(value: string): number {
  if (/^\d+$/.test(value)) return Number(value) * 1000;
  const date = Date.parse(value);
  return Number.isNaN(date) ? 0 : Math.max(0, date - Date.now());
}
