import type { ImportProgress } from '../../electron/contract/publishing.ts';
import { countWords } from '../ui/progress-words.ts';

const PHASES = ['reading', 'embedding', 'publishing'] as const;

const PHASE_WORDS: Record<ImportProgress['phase'], string> = {
  waiting: 'Waiting for another sync',
  reading: 'Reading the feed',
  embedding: 'Looking at the pictures',
  publishing: 'Publishing',
};

const COUNTED: Record<ImportProgress['phase'], string> = {
  waiting: 'product',
  reading: 'product',
  embedding: 'picture',
  publishing: 'picture',
};

/** The phases in order, with the current one marked. */
export function importSteps(
  progress: ImportProgress | null,
): { words: string; state: 'done' | 'now' | 'next' }[] {
  const phase = progress?.phase ?? 'waiting';
  const now = phase === 'waiting' ? 0 : PHASES.indexOf(phase);
  return PHASES.map((each, index) => ({
    words: PHASE_WORDS[each],
    state: index < now ? 'done' : index === now ? 'now' : 'next',
  }));
}

/** "1,240 of 12,480 pictures · 31 a second · 6 min left", without the parts that are unknown. */
export function progressWords(progress: ImportProgress): string {
  if (progress.waiting) {
    const { host, until } = progress.waiting;
    const time = new Date(until).toLocaleTimeString([], {
      hour: '2-digit',
      minute: '2-digit',
      second: '2-digit',
    });
    const counted = countWords({ ...progress, rate: 0, secondsLeft: null }, COUNTED[progress.phase]);
    return `${counted} · ${host} asks to wait, going on at ${time}`;
  }
  return countWords(progress, COUNTED[progress.phase]) || PHASE_WORDS[progress.phase];
}
