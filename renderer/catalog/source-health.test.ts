import { expect, test } from 'vitest';
import { NEW_DRAFT, sourceOf } from './source-draft.ts';
import { healthOf, scheduleWords } from './source-health.ts';

const now = Date.parse('2026-03-01T12:00:00Z');

function status(everyHours: number | null, onStart: boolean, nextSyncAt: string | null = null) {
  const source = sourceOf({ ...NEW_DRAFT, where: 'https://shop.example/', everyHours, onStart }, []);
  if (!source) throw new Error('The draft is not whole.');
  return { source, lastSync: null, nextSyncAt };
}

function outcome(result: 'published' | 'failed', problems: number) {
  return { ...status(null, false), lastSync: { at: '2026-03-01T11:00:00Z', result, fault: null, problems } };
}

test('problems cast doubt on what was published', () => {
  expect(healthOf(status(null, false))).toEqual({ tone: 'none', words: 'Never synced' });
  expect(healthOf(outcome('published', 0)).tone).toBe('fine');
  expect(healthOf(outcome('published', 12))).toEqual({ tone: 'doubt', words: 'Published, 12 problems' });
  expect(healthOf(outcome('failed', 1)).tone).toBe('loss');
});

test('a schedule says when it comes next, once that is known', () => {
  expect(scheduleWords(status(null, false), now)).toBe('');
  expect(scheduleWords(status(null, true), now)).toBe('on start');
  expect(scheduleWords(status(6, true, '2026-03-01T14:00:00Z'), now)).toBe(
    'every 6 h and on start, next in 2 hours',
  );
  expect(scheduleWords(status(6, false, '2026-03-01T11:00:00Z'), now)).toBe('every 6 h, next now');
});
