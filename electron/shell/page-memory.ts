import { app, type WebContents } from 'electron';

const LOOK_EVERY_MS = 10_000;
/** How much the page may grow, in bytes, before it is asked to let go of what it does not need. */
const GROWTH_BYTES = 128 * 1024 * 1024;

/**
 * Bounds the memory of the page's process.
 *
 * Chromium keeps every picture it has decoded, those of revoked object URLs too, until all of them take 512 MB: 3 MB
 * for a photo from a messenger, 48 MB for one from a phone. The page cannot give one picture's memory back, there is no
 * switch for the limit, and `webFrame.clearCache()` leaves these pictures where they are. What lets go of them is the
 * system's word that memory is short, so that word is given whenever the page has grown by `GROWTH_BYTES`. What is in
 * sight stays painted and is decoded again when it is painted next.
 */
export function boundPageMemory(contents: WebContents): void {
  /** The least its process has taken: what it needs. A process that was started anew has a number of its own. */
  let least: { pid: number; bytes: number } | null = null;
  const look = () => {
    const now = sizeOf(contents);
    if (!now) return;
    if (least?.pid !== now.pid || now.bytes < least.bytes) least = now;
    if (now.bytes - least.bytes < GROWTH_BYTES) return;
    letGo(contents).catch((error: unknown) => console.error('The page keeps its pictures:', error));
  };
  const timer = setInterval(look, LOOK_EVERY_MS);
  contents.once('destroyed', () => clearInterval(timer));
}

async function letGo(contents: WebContents): Promise<void> {
  contents.debugger.attach();
  try {
    await contents.debugger.sendCommand('Memory.simulatePressureNotification', { level: 'critical' });
  } finally {
    contents.debugger.detach();
  }
}

function sizeOf(contents: WebContents): { pid: number; bytes: number } | null {
  const pid = contents.getOSProcessId();
  const page = app.getAppMetrics().find((each) => each.pid === pid);
  return page ? { pid, bytes: page.memory.workingSetSize * 1024 } : null;
}
