import { z } from 'zod';
import { fault } from './faults.ts';

/**
 * What a client may ask over HTTP: `search` products, `embed` pictures and texts, `index` products of its own, and `admin`,
 * which may ask everything.
 */
export const scope = z.enum(['search', 'embed', 'index', 'admin']);
export type Scope = z.infer<typeof scope>;

/** A program that may ask over HTTP. */
export const client = z.object({
  id: z.string(),
  name: z.string().trim().min(1).max(80),
  scopes: z.array(scope).min(1).max(4),
  createdAt: z.iso.datetime(),
  /** To the minute; null when its token was never used. */
  lastUsedAt: z.iso.datetime().nullable(),
});
export type Client = z.infer<typeof client>;

export const newClient = client.pick({ name: true, scopes: true });
export type NewClient = z.infer<typeof newClient>;

/** A client with its token, which is shown once and never kept. */
export const addedClient = z.object({ client, token: z.string() });
export type AddedClient = z.infer<typeof addedClient>;

/** SHA-256 of a token, hex. */
export const tokenHash = z.string().regex(/^[0-9a-f]{64}$/);

/** A client as the server recognises it. */
export const knownClient = client.pick({ id: true, name: true, scopes: true }).extend({ tokenHash });
export type KnownClient = z.infer<typeof knownClient>;

export const serverState = z.discriminatedUnion('state', [
  z.object({ state: z.literal('off') }),
  z.object({ state: z.literal('starting') }),
  z.object({ state: z.literal('listening'), url: z.string() }),
  z.object({ state: z.literal('failed'), fault }),
]);
export type ServerState = z.infer<typeof serverState>;

const port = z.number().int().min(1).max(65_535);

/** The origin of a web page, or of a program that is made of web pages: `https://shop.example`, `chrome-extension://abc`. */
export const origin = z
  .string()
  .max(300)
  .regex(/^[a-z][a-z0-9+.-]*:\/\/[^\s/?#@]+$/);

/** Where the server answers: at a port of 127.0.0.1, or at a socket (on Windows a pipe), which no browser can reach. */
export const reach = z.enum(['port', 'socket']);
export type Reach = z.infer<typeof reach>;

/** The local server and its clients, as Settings shows them. */
export const localServer = z.object({
  on: z.boolean(),
  reach,
  state: serverState,
  /** Origins that may ask, in the order in which they were added. */
  origins: z.array(z.string()),
  /** Oldest first. */
  clients: z.array(client),
});
export type LocalServer = z.infer<typeof localServer>;

/** What the admin changes of the server; what is left out stays. */
export const serverChange = z.object({ on: z.boolean(), reach, origins: z.array(origin).max(100) }).partial();
export type ServerChange = z.infer<typeof serverChange>;

/** What the server needs to know. */
export const serverSettings = z.object({
  on: z.boolean(),
  /** The port that was used before, and is kept; null before the first start. */
  port: port.nullable(),
  /** The path of the socket to answer at; null: at the port. */
  socket: z.string().nullable(),
  /** Origins that may ask. */
  origins: z.array(z.string()),
  clients: z.array(knownClient),
});
export type ServerSettings = z.infer<typeof serverSettings>;

/** What the server reports: its state, and the port that it listens on. */
export const serverReport = z.object({ state: serverState, port: port.nullable() });
export type ServerReport = z.infer<typeof serverReport>;
