import type { SourceStatus, SyncOutcome } from '../../electron/contract/publishing.ts';
import { formatAgo, formatCounted } from '../ui/format.ts';

export interface Health {
  tone: 'none' | 'fine' | 'doubt' | 'loss';
  words: string;
}

const RESULTS: Record<SyncOutcome['result'], Health> = {
  published: { tone: 'fine', words: 'Published' },
  unchanged: { tone: 'fine', words: 'Nothing had changed' },
  incomplete: { tone: 'doubt', words: 'Incomplete' },
  refused: { tone: 'doubt', words: 'Held back' },
  failed: { tone: 'loss', words: 'Failed' },
  cancelled: { tone: 'none', words: 'Cancelled' },
};

/** The last outcome of a source, in one or two words. */
export function healthOf({ lastSync }: SourceStatus): Health {
  if (!lastSync) return { tone: 'none', words: 'Never synced' };
  const { tone, words } = RESULTS[lastSync.result];
  if (lastSync.problems === 0) return { tone, words };
  const doubt = tone === 'fine' ? 'doubt' : tone;
  return { tone: doubt, words: `${words}, ${formatCounted(lastSync.problems, 'problem')}` };
}

/** "every 6 h and on start, next in 2 hours"; empty without a schedule. @param now milliseconds since the epoch */
export function scheduleWords({ source, lastSync, nextSyncAt }: SourceStatus, now: number): string {
  if (lastSync?.retryAt) {
    const due = Date.parse(lastSync.retryAt) - now < 60_000;
    return `goes on ${due ? 'now' : formatAgo(lastSync.retryAt, now)}`;
  }
  const times = [
    source.everyHours !== null && `every ${source.everyHours} h`,
    source.onStart && 'on start',
  ].filter((part) => part !== false);
  if (times.length === 0) return '';
  const due = nextSyncAt !== null && Date.parse(nextSyncAt) - now < 60_000;
  const next = nextSyncAt === null ? '' : `, next ${due ? 'now' : formatAgo(nextSyncAt, now)}`;
  return `${times.join(' and ')}${next}`;
}
