import { z } from 'zod';

/** How Lookalike is brought up from other programs. Both are off until they are set. */
export const summonSettings = z.object({
  /** A key in Electron's form, such as "Control+Alt+L"; null: none. */
  shortcut: z.string().min(1).max(80).nullable(),
  /** An icon in the tray. While it is there, closing the window leaves Lookalike running. */
  tray: z.boolean(),
});
export type SummonSettings = z.infer<typeof summonSettings>;

/** Keys that the systems and nearly all programs use although they hold two keys down, or are F keys. */
const NEEDED = new Set([
  ...['F1', 'F5', 'F11', 'F12', 'Alt+F4', 'Control+F4'],
  ...['Control+Shift+T', 'Control+Shift+N', 'Control+Shift+V', 'Control+Shift+Z', 'Control+Shift+S'],
  ...['Shift+Super+3', 'Shift+Super+4', 'Shift+Super+5', 'Shift+Super+S', 'Shift+Super+Z', 'Shift+Super+T'],
  'Control+Super+Q',
]);

/**
 * Whether a key is one that other programs live by: those programs would lose it everywhere. A key from anywhere is an F key, or
 * has two of Ctrl, Alt, Shift and Command beside it, of which one is not Shift.
 */
export function isNeededElsewhere(shortcut: string): boolean {
  const held = shortcut.split('+');
  const key = held.pop() ?? '';
  if (/^F\d{1,2}$/.test(key)) return NEEDED.has(shortcut);
  return held.length < 2 || NEEDED.has(shortcut);
}
