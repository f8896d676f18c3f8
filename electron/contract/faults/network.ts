import { z } from 'zod';

/** The message of the system, the network or the server, unchanged. */
const said = z.string();

/** Why something could not be read. */
const reason = z.discriminatedUnion('kind', [
  /** The response's HTTP status with its standard name, and how long the server asks to wait; null when it does not. */
  z.object({
    kind: z.literal('status'),
    status: z.number().int(),
    name: z.string(),
    waitSeconds: z.number().int().nullable(),
  }),
  /** The server's certificate is not valid; `said` is the code of the failed check. */
  z.object({ kind: z.literal('certificate'), said }),
  z.object({ kind: z.literal('no-secure-connection'), said }),
  z.object({ kind: z.literal('no-file') }),
  z.object({ kind: z.literal('forbidden-file') }),
  z.object({ kind: z.literal('folder-not-file') }),
  /** The folder does not exist, or its drive is missing. */
  z.object({ kind: z.literal('no-folder') }),
  /** `said`: the system's code, such as EACCES. */
  z.object({ kind: z.literal('unreadable-folder'), said }),
  /** The connection was refused. */
  z.object({ kind: z.literal('refused') }),
  /** No connection was established in time. */
  z.object({ kind: z.literal('no-answer') }),
  z.object({ kind: z.literal('name-unknown') }),
  z.object({ kind: z.literal('offline') }),
  z.object({ kind: z.literal('no-web-address') }),
  z.object({ kind: z.literal('broken-off') }),
  /** The server sent less or more bytes than it announced. */
  z.object({ kind: z.literal('wrong-length') }),
  z.object({ kind: z.literal('silent') }),
  z.object({ kind: z.literal('stopped-midway') }),
  z.object({ kind: z.literal('compressed-cut') }),
  z.object({ kind: z.literal('compressed-damaged') }),
  /** No complete response came within the allowed time. */
  z.object({ kind: z.literal('late'), seconds: z.number() }),
  z.object({ kind: z.literal('redirects'), most: z.number().int() }),
  z.object({ kind: z.literal('redirect-to-nowhere') }),
  z.object({ kind: z.literal('redirect-elsewhere'), scheme: z.string() }),
  /** Compressed with an encoding that was not requested. */
  z.object({ kind: z.literal('packed'), encoding: z.string() }),
  /** An HTML page instead of the file. */
  z.object({ kind: z.literal('web-page') }),
  z.object({ kind: z.literal('other-size'), bytes: z.number(), listed: z.number() }),
  z.object({ kind: z.literal('too-large') }),
  /** The bytes do not match the listed hash. They were deleted. */
  z.object({ kind: z.literal('wrong-bytes') }),
  /** No URL is known for it. */
  z.object({ kind: z.literal('no-address') }),
  /** The host was not asked, because it had not answered for so many pictures in a row. */
  z.object({ kind: z.literal('given-up'), pictures: z.number().int() }),
  /** A reference to a picture that is neither a URL nor a path. */
  z.object({ kind: z.literal('no-reference') }),
  /** … or one that names a file on another computer, which a feed may not. */
  z.object({ kind: z.literal('other-computer') }),
  z.object({ kind: z.literal('other'), said }),
]);
export type UnreachableReason = z.infer<typeof reason>;

/** Something on the network or on a disk that could not be read. */
const unreachable = z.object({
  /** The URL, host or path, without user name and password. */
  at: z.string(),
  reason,
  /** The proxy that the request was sent through, host:port; `failed` when the proxy itself failed. */
  proxy: z.object({ address: z.string(), failed: z.boolean() }).nullable(),
});
export type Unreachable = z.infer<typeof unreachable>;

/** Faults of network requests, and of reading local files instead. */
export const network = {
  IMAGE_MISSING: unreachable,
  FEED_UNREACHABLE: unreachable,
  FEED_TOO_LARGE: z.object({ mostBytes: z.number().int() }),
  /** `kept`: whether the downloaded bytes are kept, so that it is worth trying again. */
  MODEL_DOWNLOAD_FAILED: unreachable.extend({ kept: z.boolean() }),
  /** The server answered 401 or 403. */
  AUTH_REFUSED: unreachable,
  /** An address on a private network; `unless`: whose own host may be private. */
  ADDRESS_REFUSED: z.object({ host: z.string(), unless: z.enum(['feed', 'mirror']) }),
} as const;
