import { z } from 'zod';

/** What was fetched, and so why a connection was made. */
export const connectionReason = z.enum(['feed', 'picture', 'model']);
export type ConnectionReason = z.infer<typeof connectionReason>;

/** One host that was asked for something since the start of the app (of the command, in a terminal). */
export const connection = z.object({
  /** host[:port] that was asked; names that could not be found, and servers that did not answer, count too. */
  host: z.string(),
  reason: connectionReason,
  /** host:port of the proxy that the requests went to in its place; null when they went to the host itself. */
  proxy: z.string().nullable(),
  /** It is this computer: nothing left it. */
  local: z.boolean(),
  requests: z.number().int(),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
});
export type Connection = z.infer<typeof connection>;

export const connections = z.object({
  /** The latest first. */
  hosts: z.array(connection),
  /** Requests to hosts beyond those that are listed one by one. */
  otherRequests: z.number().int(),
});
export type Connections = z.infer<typeof connections>;
