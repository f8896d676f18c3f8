import { z } from 'zod';

/** How Lookalike is brought up from other programs. Both are off until they are set. */
export const summonSettings = z.object({
  /** A key in Electron's form, such as "Control+Alt+L"; null: none. */
  shortcut: z.string().min(1).max(80).nullable(),
  /** An icon in the tray. While it is there, closing the window leaves Lookalike running. */
  tray: z.boolean(),
});
export type SummonSettings = z.infer<typeof summonSettings>;
