const PATIENCE_MS = 60_000;
const MAX_DEATHS = 3;
const FIRST_DELAY_MS = 250;

/**
 * The pause before a crashed process is started again, in milliseconds; null when it has crashed too often within a minute.
 * @param deaths times of its crashes, in milliseconds; the last one is now
 */
export function restartDelay(deaths: readonly number[]): number | null {
  const now = deaths.at(-1) ?? 0;
  const recent = deaths.filter((death) => now - death < PATIENCE_MS).length;
  return recent >= MAX_DEATHS ? null : FIRST_DELAY_MS * 2 ** (recent - 1);
}
