import { readFileSync, writeFileSync } from 'node:fs';
import { type BrowserWindow, type Rectangle, screen } from 'electron';
import { z } from 'zod';
import { placeOn } from './window-size.ts';

const windowState = z.object({
  bounds: z.object({ x: z.int(), y: z.int(), width: z.int(), height: z.int() }),
  maximized: z.boolean(),
});
type WindowState = z.infer<typeof windowState>;

// Electron 45's own `windowStatePersistence` would do this; it is still experimental.

/** The window's last state, fitted to its screen; null when it is unknown, or the screen is gone. */
export function loadWindowState(file: string): WindowState | null {
  try {
    const state = windowState.parse(JSON.parse(readFileSync(file, 'utf8')));
    if (!isOnScreen(state.bounds)) return null;
    const { workArea } = screen.getDisplayMatching(state.bounds);
    return { ...state, bounds: placeOn(workArea, state.bounds) };
  } catch {
    return null;
  }
}

/**
 * Writes the window's state to `file` when the window closes, and when Windows ends the session, which closes no windows.
 */
export function rememberWindowState(window: BrowserWindow, file: string): void {
  const remember = () => {
    const state: WindowState = { bounds: window.getNormalBounds(), maximized: window.isMaximized() };
    try {
      writeFileSync(file, JSON.stringify(state));
    } catch (error) {
      console.error('Could not remember where the window was:', error);
    }
  };
  window.on('close', remember);
  window.on('session-end', remember);
}

/** Whether the title bar can be reached: a screen may have been unplugged since. */
function isOnScreen({ x, y, width }: Rectangle): boolean {
  const reach = 50;
  return screen.getAllDisplays().some(({ workArea }) => {
    const across = Math.min(x + width, workArea.x + workArea.width) - Math.max(x, workArea.x);
    return across >= reach && y >= workArea.y && y <= workArea.y + workArea.height - reach;
  });
}
