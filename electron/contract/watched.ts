import { z } from 'zod';
import { bytes } from './catalog.ts';
import { fault } from './faults.ts';

/** What happens in a watched folder. */
export const watchedEvent = z.discriminatedUnion('type', [
  /** It is watched from now on; what lies in it counts as old. */
  z.object({ type: z.literal('watching') }),
  /** It cannot be read: it was renamed or removed, or its drive is not there. It is looked for until it is back. */
  z.object({ type: z.literal('gone') }),
  /** A picture has come, whole. */
  z.object({ type: z.literal('picture'), name: z.string(), bytes }),
  /** A picture has come that cannot be used. */
  z.object({ type: z.literal('unusable'), name: z.string(), fault }),
  /** More have come at once than are matched; the newest ones are. */
  z.object({ type: z.literal('too many'), leftOut: z.number().int() }),
]);
export type WatchedEvent = z.infer<typeof watchedEvent>;
