import type { FaultCode, FaultParams } from '../contract/faults.ts';
import type { Sentences } from './sentence.ts';
import { systemReason } from './system-reason.ts';

/** Sentences about the network. */
export const network = {
  IMAGE_MISSING: unreachable,
  FEED_UNREACHABLE: unreachable,
  FEED_TOO_LARGE: ({ mostBytes }) => `The feed is larger than ${Math.round(mostBytes / 1e6)} MB.`,
  AUTH_REFUSED: (params) =>
    params.reason.kind === 'status' && params.reason.status === 403
      ? `${unreachable(params)} It gives this to nobody, or not without a key: check the address, and the key if it has one.`
      : `${unreachable(params)} Check its user name and password, or its key.`,
  ADDRESS_REFUSED: ({ host, unless }) =>
    `${host} is on this machine or in its own network. Only the ${unless}'s own host may be there.`,
  PICTURE_ADDRESS_PRIVATE: ({ host }) =>
    `${host} is on this computer or in its own network, and Lookalike fetches pictures from the internet alone. Save the picture and use the file.`,
  PROXY_SETTING_INVALID: ({ setting }) =>
    `${setting} does not hold the address of a proxy. Write it like http://proxy.example:3128.`,
  PROXY_SETTINGS_UNKNOWN: ({ host }) =>
    `This computer did not say whether a proxy is needed to reach ${host}, so nothing was sent. Try again.`,
  PICTURE_NOT_CHECKED: ({ host }) =>
    `${host} asks to wait for a while, so the picture was kept without checking whether it has changed.`,
} satisfies Partial<Sentences<FaultCode>>;

type Unreachable = FaultParams['FEED_UNREACHABLE'];

/** Why a model could not be downloaded. The window and the terminal add the other ways to get it. */
export function downloadFailure({ kept, ...rest }: FaultParams['MODEL_DOWNLOAD_FAILED']): string {
  return `The model could not be downloaded. ${unreachable(rest)}${kept ? ' What was downloaded is kept; try again later.' : ''}`;
}

/**
 * A network that can only be left through a proxy looks like one that is down. This is added to failures without a proxy;
 * with a proxy, the failure is the proxy's.
 */
const PROXY_HINT =
  " No proxy is in use for it; if this network needs one, set it in the computer's network settings or in HTTPS_PROXY.";

function unreachable({ at, reason, proxy }: Unreachable): string {
  if (proxy?.failed) return proxyFailure(proxy.address, at, reason);
  const hint = proxy ? '' : PROXY_HINT;
  const way = proxy && reason.kind !== 'status' ? ` This was through the proxy at ${proxy.address}.` : '';
  return `${failure(at, reason, hint, proxy?.address)}${way}`;
}

function failure(at: string, reason: Unreachable['reason'], hint: string, proxy: string | undefined): string {
  switch (reason.kind) {
    case 'status': {
      const who = proxy === undefined ? 'The server' : `The server, through the proxy at ${proxy},`;
      const answered = `${who} answered ${`${reason.status} ${reason.name}`.trimEnd()}`;
      if (reason.status === 401) return `${answered}: it asks for a user name and password or a key.`;
      return reason.waitSeconds === null
        ? `${answered}.`
        : `${answered} and asks to wait ${reason.waitSeconds} seconds.`;
    }
    case 'certificate':
      return `The server at ${at} could not prove who it is (${reason.said}).`;
    case 'no-secure-connection':
      return `No secure connection to ${at} could be made (${reason.said}).`;
    case 'no-file':
      return `There is no file at ${at}.`;
    case 'forbidden-file':
      return `This file may not be read: ${at}.`;
    case 'folder-not-file':
      return `${at} is a folder, not a file.`;
    case 'no-folder':
      return 'The folder is not there. Is the drive connected, or was the folder moved or renamed?';
    case 'unreadable-folder':
      return `The folder cannot be read: ${systemReason(reason.said)}.`;
    case 'refused':
      return `Nothing answers at ${at}.`;
    case 'no-answer':
      return `Nothing answers at ${at}.${hint}`;
    case 'name-unknown':
      return `The address ${at} was not found. Is this machine online?${hint}`;
    case 'offline':
      return `${at} cannot be reached from this machine. Is the machine online?${hint}`;
    case 'no-web-address':
      return `This is not a web address: ${at}.`;
    case 'broken-off':
      return 'The server broke the connection off.';
    case 'wrong-length':
      return 'The server sent less or more than it announced.';
    case 'silent':
      return 'The server took the request and sent no answer.';
    case 'stopped-midway':
      return 'The server stopped in the middle of its answer.';
    case 'compressed-cut':
      return 'The compressed data breaks off.';
    case 'compressed-damaged':
      return 'The compressed data is damaged.';
    case 'late':
      return `No complete answer came within ${reason.seconds} seconds.`;
    case 'redirects':
      return `${at} redirects more than ${reason.most} times.`;
    case 'redirect-to-nowhere':
      return `${at} redirects to nowhere.`;
    case 'redirect-elsewhere':
      return `${at} redirects to "${reason.scheme}", which is not the web.`;
    case 'packed':
      return `${at} sends the file compressed as "${reason.encoding}", which was not requested.`;
    case 'web-page':
      return `${at} sent a web page in place of the file, perhaps to have you sign in to this network.`;
    case 'other-size':
      return `${at} sends a file of ${reason.bytes} bytes where ${reason.listed} are listed.`;
    case 'too-large':
      return `${at} sends too large a file.`;
    case 'wrong-bytes':
      return `What ${at} sent is not the file it should be, so it was thrown away.`;
    case 'no-address':
      return 'No address is known to download it from.';
    case 'given-up':
      return `Not tried: ${at} had not answered for ${reason.pictures} pictures in a row.`;
    case 'no-reference':
      return 'This image reference cannot be used.';
    case 'other-computer':
      return 'This image reference names a file on another computer, which only a feed on that computer may do.';
    case 'other':
      return `${at} could not be read (${reason.said}).`;
  }
}

/** The sentence of a failure that involves a proxy. */
function proxyFailure(proxy: string, at: string, reason: Unreachable['reason']): string {
  const it = `The proxy at ${proxy}`;
  switch (reason.kind) {
    case 'status':
      return reason.status === 407
        ? `${it} asks for a user name and password. Set them in HTTPS_PROXY or HTTP_PROXY: http://name:password@${proxy}.`
        : `${it} does not let ${at} through: it answered ${`${reason.status} ${reason.name}`.trimEnd()}.`;
    case 'name-unknown':
      return `${it} was not found. Is this machine online?`;
    case 'refused':
    case 'no-answer':
      return `${it} does not answer. Is its address right?`;
    case 'silent':
      return `${it} took the request and sent no answer.`;
    case 'broken-off':
      return `${it} broke the connection off.`;
    case 'certificate':
      return `${it} could not prove who it is (${reason.said}).`;
    case 'other':
      return `${it} could not be used (${reason.said}).`;
    default:
      return `${it} could not be used (${reason.kind}).`;
  }
}
