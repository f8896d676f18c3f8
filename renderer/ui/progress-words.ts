import { formatBytes, formatCount, formatCounted, formatDuration } from './format.ts';

/** The progress of a task, as the engine reports it. */
interface Progress {
  done: number;
  /** Null while it is unknown. */
  total: number | null;
  /** Per second, over the last few seconds. */
  rate: number;
  secondsLeft: number | null;
}

/** The share that is done, 0 to 1; null while it is unknown. */
export function shareDone(progress: Pick<Progress, 'done' | 'total'> | null): number | null {
  return progress?.total ? Math.min(progress.done / progress.total, 1) : null;
}

function leftWords({ secondsLeft }: Progress): string[] {
  return secondsLeft !== null && secondsLeft > 0 ? [`${formatDuration(secondsLeft)} left`] : [];
}

/** "1,240 of 12,480 pictures · 31 a second · 6 min left", without the parts that are unknown. */
export function countWords(progress: Progress, singular: string): string {
  const { done, total, rate } = progress;
  const parts: string[] = [];
  if (total !== null) parts.push(`${formatCount(done)} of ${formatCounted(total, singular)}`);
  else if (done > 0) parts.push(formatCounted(done, singular));
  if (rate >= 0.05) parts.push(`${rate < 10 ? rate.toFixed(1) : formatCount(Math.round(rate))} a second`);
  return [...parts, ...leftWords(progress)].join(' · ');
}

/** "43 MB of 89 MB · 5.2 MB a second · 9 s left", without the parts that are unknown. */
export function byteWords(progress: Progress): string {
  const { done, total, rate } = progress;
  const parts = [total === null ? formatBytes(done) : `${formatBytes(done)} of ${formatBytes(total)}`];
  if (rate >= 1) parts.push(`${formatBytes(rate)} a second`);
  return [...parts, ...leftWords(progress)].join(' · ');
}
