import { z } from 'zod';

/** What was fetched, which is the reason for a connection. */
export const connectionReason = z.enum(['feed', 'picture', 'model']);
export type ConnectionReason = z.infer<typeof connectionReason>;

/** One host that was contacted since the start of the app (or of the command, in a terminal). */
export const connection = z.object({
  /** host[:port]. Names that could not be resolved and servers that did not answer are listed too. */
  host: z.string(),
  reason: connectionReason,
  /** host:port of the proxy that the requests were sent to; null when they were sent to the host itself. */
  proxy: z.string().nullable(),
  /** Whether the host is this computer, so that nothing left it. */
  local: z.boolean(),
  requests: z.number().int(),
  firstAt: z.iso.datetime(),
  lastAt: z.iso.datetime(),
});
export type Connection = z.infer<typeof connection>;

export const connections = z.object({
  /** The latest first. */
  hosts: z.array(connection),
  /** Requests to hosts that are not listed individually. */
  otherRequests: z.number().int(),
});
export type Connections = z.infer<typeof connections>;
