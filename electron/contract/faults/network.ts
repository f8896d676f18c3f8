import { z } from 'zod';

/** What the system, the network or the server said, as it said it. */
const said = z.string();

/** Why something could not be read. */
const reason = z.discriminatedUnion('kind', [
  /** The answer's HTTP status with its standard name; how long the server asks to be left alone, null when it does not. */
  z.object({
    kind: z.literal('status'),
    status: z.number().int(),
    name: z.string(),
    waitSeconds: z.number().int().nullable(),
  }),
  /** The server could not prove who it is; `said` is the code of the check that failed. */
  z.object({ kind: z.literal('certificate'), said }),
  z.object({ kind: z.literal('no-secure-connection'), said }),
  z.object({ kind: z.literal('no-file') }),
  z.object({ kind: z.literal('forbidden-file') }),
  z.object({ kind: z.literal('folder-not-file') }),
  /** A folder that is not there, or whose drive is not. */
  z.object({ kind: z.literal('no-folder') }),
  /** `said`: the system's code, such as EACCES. */
  z.object({ kind: z.literal('unreadable-folder'), said }),
  /** The connection was refused. */
  z.object({ kind: z.literal('refused') }),
  /** No connection came about in time. */
  z.object({ kind: z.literal('no-answer') }),
  z.object({ kind: z.literal('name-unknown') }),
  z.object({ kind: z.literal('offline') }),
  z.object({ kind: z.literal('no-web-address') }),
  z.object({ kind: z.literal('broken-off') }),
  /** The server sent less or more than it announced. */
  z.object({ kind: z.literal('wrong-length') }),
  z.object({ kind: z.literal('silent') }),
  z.object({ kind: z.literal('stopped-midway') }),
  z.object({ kind: z.literal('compressed-cut') }),
  z.object({ kind: z.literal('compressed-damaged') }),
  /** No complete answer came within the time allowed. */
  z.object({ kind: z.literal('late'), seconds: z.number() }),
  z.object({ kind: z.literal('redirects'), most: z.number().int() }),
  z.object({ kind: z.literal('redirect-to-nowhere') }),
  z.object({ kind: z.literal('redirect-elsewhere'), scheme: z.string() }),
  /** Packed in a way that was not asked for. */
  z.object({ kind: z.literal('packed'), encoding: z.string() }),
  /** A page for people in place of the file. */
  z.object({ kind: z.literal('web-page') }),
  z.object({ kind: z.literal('other-size'), bytes: z.number(), listed: z.number() }),
  z.object({ kind: z.literal('too-large') }),
  /** The bytes are not those that are listed. They were thrown away. */
  z.object({ kind: z.literal('wrong-bytes') }),
  /** Nothing says where to get it. */
  z.object({ kind: z.literal('no-address') }),
  /** The host was not asked, as it had not answered for so many pictures in a row. */
  z.object({ kind: z.literal('given-up'), pictures: z.number().int() }),
  /** A reference to a picture that is no address and no path. */
  z.object({ kind: z.literal('no-reference') }),
  z.object({ kind: z.literal('other'), said }),
]);
export type UnreachableReason = z.infer<typeof reason>;

/** Something on the network or on a disk that could not be read. */
const unreachable = z.object({
  /** What was asked for, without user name and password: a URL, its host, or a path. */
  at: z.string(),
  reason,
  /** The proxy that the request went by, host:port; `failed` when it is the proxy that failed. */
  proxy: z.object({ address: z.string(), failed: z.boolean() }).nullable(),
});
export type Unreachable = z.infer<typeof unreachable>;

/** Faults of what is asked of the network, and of files that are read in its place. */
export const network = {
  IMAGE_MISSING: unreachable,
  FEED_UNREACHABLE: unreachable,
  FEED_TOO_LARGE: z.object({ mostBytes: z.number().int() }),
  /** `kept`: what was downloaded is kept, and it is worth trying again. */
  MODEL_DOWNLOAD_FAILED: unreachable.extend({ kept: z.boolean() }),
  /** The server answered 401 or 403. */
  AUTH_REFUSED: unreachable,
  /** An address on a private network; `unless`: whose own host may be there. */
  ADDRESS_REFUSED: z.object({ host: z.string(), unless: z.enum(['feed', 'mirror']) }),
} as const;
