const PATIENCE_MS = 60_000;
const MAX_DEATHS = 3;
const FIRST_DELAY_MS = 250;

/**
 * How long to wait, in milliseconds, before starting a process that has died again; null when it has died too often
 * within a minute to be worth it.
 *
 * @param deaths when it died, in milliseconds, the latest last and now.
 */
export function restartDelay(deaths: readonly number[]): number | null {
  const now = deaths.at(-1) ?? 0;
  const recent = deaths.filter((death) => now - death < PATIENCE_MS).length;
  return recent >= MAX_DEATHS ? null : FIRST_DELAY_MS * 2 ** (recent - 1);
}
