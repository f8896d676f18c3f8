/** A window that nobody sees paints nothing. */
const LONGEST_MS = 100;

/** Waits until what was just drawn is on the screen. */
export function painted(): Promise<void> {
  return new Promise((resolve) => {
    // A task that is queued by a frame's callback runs after the frame was painted.
    requestAnimationFrame(() => setTimeout(resolve));
    setTimeout(resolve, LONGEST_MS);
  });
}
