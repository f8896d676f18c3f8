import type { ImportProgress } from '../../electron/contract/schemas.ts';
import { formatCount, formatCounted, formatDuration } from '../ui/format.ts';

const PHASES = ['reading', 'embedding', 'publishing'] as const;

const PHASE_WORDS: Record<ImportProgress['phase'], string> = {
  reading: 'Reading the feed',
  embedding: 'Looking at the pictures',
  publishing: 'Publishing',
};

const COUNTED: Record<ImportProgress['phase'], string> = {
  reading: 'product',
  embedding: 'picture',
  publishing: 'picture',
};

/** The phases in order, with the one under way. */
export function importSteps(
  progress: ImportProgress | null,
): { words: string; state: 'done' | 'now' | 'next' }[] {
  const now = progress ? PHASES.indexOf(progress.phase) : 0;
  return PHASES.map((phase, index) => ({
    words: PHASE_WORDS[phase],
    state: index < now ? 'done' : index === now ? 'now' : 'next',
  }));
}

/** How much of the phase is done, 0 to 1; null while that is not known. */
export function shareDone(progress: Pick<ImportProgress, 'done' | 'total'> | null): number | null {
  return progress?.total ? Math.min(progress.done / progress.total, 1) : null;
}

/** "1,240 of 12,480 pictures · 31 a second · 6 min left", with whatever is not known left out. */
export function progressWords({ phase, done, total, rate, secondsLeft }: ImportProgress): string {
  const parts: string[] = [];
  if (total !== null) parts.push(`${formatCount(done)} of ${formatCounted(total, COUNTED[phase])}`);
  else if (done > 0) parts.push(formatCounted(done, COUNTED[phase]));
  if (rate >= 0.05) parts.push(`${rate < 10 ? rate.toFixed(1) : formatCount(Math.round(rate))} a second`);
  if (secondsLeft !== null && secondsLeft > 0) parts.push(`${formatDuration(secondsLeft)} left`);
  return parts.length > 0 ? parts.join(' · ') : PHASE_WORDS[phase];
}
