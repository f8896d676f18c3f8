import { z } from 'zod';

/** Faults of the local server. */
export const serving = {
  /** Another program listens on the port that is kept for the server. */
  SERVER_PORT_TAKEN: z.object({ port: z.number().int() }),
  /** The server cannot listen there; `said`: the system's code, such as EACCES. */
  SERVER_NOT_LISTENING: z.object({ at: z.string(), said: z.string() }),
  /** Another program answers on the socket. */
  SERVER_SOCKET_TAKEN: z.object({ at: z.string() }),
  /** A file of tokens cannot be used. `line`: the number of the line that was not understood. */
  TOKEN_FILE_INVALID: z.discriminatedUnion('reason', [
    z.object({ reason: z.literal('unreadable'), said: z.string() }),
    z.object({ reason: z.literal('line'), line: z.number().int() }),
    z.object({ reason: z.literal('short'), line: z.number().int(), least: z.number().int() }),
    /** Another line has the same token, so that nobody could tell the two programs apart. */
    z.object({ reason: z.literal('same'), line: z.number().int() }),
    z.object({ reason: z.literal('empty') }),
  ]),
  /** The page for a phone cannot be opened there: this computer does not have the address any more. */
  PHONE_ADDRESS_UNKNOWN: z.object({ address: z.string() }),
  /** Another program, or the system, has the key that was to bring Lookalike up. */
  SHORTCUT_TAKEN: z.object({ shortcut: z.string() }),
  /** Other programs live by the key that was to bring Lookalike up, such as Ctrl+C. */
  SHORTCUT_NEEDED: z.object({ shortcut: z.string() }),
  /**
   * A product that a program sent was not taken, and is as it was: a field cannot be used. `value`: its beginning, as JSON; null
   * when it is missing.
   */
  PRODUCT_INVALID: z.object({ field: z.string(), value: z.string().nullable() }),
  /** No client has this id. */
  CLIENT_UNKNOWN: z.object({}),
} as const;
