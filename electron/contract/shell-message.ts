import { z } from 'zod';
import { fault } from './faults.ts';

/**
 * What the preload hands the page with `window.postMessage`: the engine's port (in `event.ports`) each time the engine
 * has started, word that it has stopped, and files to open. The page never sees an Electron object.
 */
export const shellMessage = z.discriminatedUnion('type', [
  z.object({ type: z.literal('lookalike:engine-ready') }),
  z.object({
    type: z.literal('lookalike:engine-stopped'),
    /** False when it has failed too often to be started again without being asked. */
    restarting: z.boolean(),
    fault,
  }),
  /** The engine's process is there and does not answer; or it does again. */
  z.object({ type: z.literal('lookalike:engine-silent'), silent: z.boolean() }),
  /** A pack was opened from outside: to be taken as if it had been dropped. */
  z.object({ type: z.literal('lookalike:open-file'), path: z.string() }),
]);
export type ShellMessage = z.infer<typeof shellMessage>;
