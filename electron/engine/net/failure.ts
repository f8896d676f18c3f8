import { STATUS_CODES } from 'node:http';

/** An answer that is not the resource. */
export class StatusError extends Error {
  readonly status: number;
  /** How long the server asks to be left alone, 0 when it does not. */
  readonly retryAfterMs: number;

  /** @param retryAfter the header: seconds, or a date */
  constructor(status: number, retryAfter: string | null) {
    super(`The server answered ${status} ${STATUS_CODES[status] ?? ''}`.trimEnd());
    this.name = 'StatusError';
    this.status = status;
    this.retryAfterMs = parseRetryAfter(retryAfter ?? '');
  }
}

/** An answer that leads nowhere, for a reason in words: "it …". */
export class UnusableAnswerError extends Error {}

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
  return cause instanceof StatusError
    ? TEMPORARY_STATUS.has(cause.status)
    : TEMPORARY_CODES.has(codeOf(cause));
}

/** The operating system's, the network's and the server's ways of saying no, in words. */
export function failureInWords(cause: unknown, item: string): string {
  if (cause instanceof StatusError) return statusInWords(cause);
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
    ENOTFOUND: `The address ${item} was not found. Is this machine online?`,
    EAI_AGAIN: `The address ${item} was not found. Is this machine online?`,
    ERR_INVALID_URL: `This is not a web address: ${item}.`,
    ECONNRESET: 'The server broke the connection off.',
    UND_ERR_SOCKET: 'The server broke the connection off.',
    UND_ERR_RES_CONTENT_LENGTH_MISMATCH: 'The server sent less or more than it announced.',
    HPE_INVALID_EOF_STATE: 'The server broke the connection off.',
    UND_ERR_CONNECT_TIMEOUT: `Nothing answers at ${item}.`,
    UND_ERR_HEADERS_TIMEOUT: 'The server took the request and sent no answer.',
    UND_ERR_BODY_TIMEOUT: 'The server stopped in the middle of its answer.',
    Z_BUF_ERROR: 'The compressed data breaks off.',
    Z_DATA_ERROR: 'The compressed data is damaged.',
  };
  return (
    known[code] ?? `${item} could not be read (${cause instanceof Error ? cause.message : String(cause)}).`
  );
}

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
