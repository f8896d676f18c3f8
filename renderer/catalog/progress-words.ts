import type { FeedSource, ImportProgress } from '../../electron/contract/schemas.ts';
import { formatCount, formatDuration } from '../ui/format.ts';

const PHASES = ['reading', 'embedding', 'publishing'] as const;

const PHASE_WORDS: Record<ImportProgress['phase'], string> = {
  reading: 'Reading the feed',
  embedding: 'Looking at the pictures',
  publishing: 'Publishing',
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

/** "1,240 of 12,480 · 31 a second · 6 min left", with whatever is not known left out. */
export function progressWords({ done, total, rate, secondsLeft }: ImportProgress): string {
  const parts = [total === null ? formatCount(done) : `${formatCount(done)} of ${formatCount(total)}`];
  if (rate >= 0.05) parts.push(`${rate < 10 ? rate.toFixed(1) : formatCount(Math.round(rate))} a second`);
  if (secondsLeft !== null && secondsLeft > 0) parts.push(`${formatDuration(secondsLeft)} left`);
  return parts.join(' · ');
}

/** What is being imported, for people. */
export function sourceName(source: FeedSource): string {
  if (source.kind === 'sample') return 'Sample catalog';
  if (source.kind === 'url') return source.url;
  return source.path.split(/[/\\]/).at(-1) ?? source.path;
}
