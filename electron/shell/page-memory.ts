import { app, type WebContents } from 'electron';

const LOOK_EVERY_MS = 10_000;
/** How much the page's memory may grow, in bytes, before it is asked to free what it does not need. */
const GROWTH_BYTES = 128 * 1024 * 1024;

/**
 * Limits the memory of the page's process.
 *
 * Chromium keeps every picture it has decoded, also those of revoked object URLs, until they take 512 MB together: 3 MB for
 * a photo from a messenger, 48 MB for one from a phone. The page cannot free a single picture, no switch sets the limit, and
 * `webFrame.clearCache()` does not free these pictures. Only the system's notification of low memory does, so it is sent
 * whenever the page has grown by `GROWTH_BYTES`. Visible pictures stay on screen and are decoded again when they are painted
 * next.
 */
export function boundPageMemory(contents: WebContents): void {
  /** The lowest memory use of the page's process so far, which is what it needs. A new process starts with a new number. */
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
