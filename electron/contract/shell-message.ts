import { z } from 'zod';
import { fault } from './faults.ts';

/**
 * The messages that the preload script sends to the page with `window.postMessage`: the engine's port (in `event.ports`)
 * each time the engine has started, that the engine has stopped, and files to open. The page never gets an Electron object.
 */
export const shellMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('lookalike:engine-ready') }),
  z.object({
    type: z.literal('lookalike:engine-stopped'),
    /** False when the engine has failed too often to be restarted automatically. */
    restarting: z.boolean(),
    fault,
  }),
  /** The engine's process is running and does not answer, or answers again. */
  z.object({ type: z.literal('lookalike:engine-silent'), silent: z.boolean() }),
  /** A pack was opened from outside. The page handles it like a dropped file. */
  z.object({ type: z.literal('lookalike:open-file'), path: z.string() }),
]);
export type ShellMessage = z.infer<typeof shellMessage>;
