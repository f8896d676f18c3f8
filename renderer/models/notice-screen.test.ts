import { expect, test } from 'vitest';
import type { Fault } from '../../electron/contract/faults.ts';
import { screenOf } from './notice-screen.ts';

const damaged = (of: 'model choice' | 'sources'): Fault => ({
  code: 'FILE_DAMAGED',
  params: { file: 'x.json', of, kept: null },
});

test('a notice leads to the screen that it is about, or to none', () => {
  const answering = { name: 'Autumn', publishedAt: '2026-11-30T10:00:00.000Z' };
  expect(screenOf({ code: 'SNAPSHOT_NOT_READ', params: { version: 2, answering } })).toBe('catalog');
  expect(screenOf({ code: 'CATALOG_UNREADABLE', params: {} })).toBe('catalog');
  expect(screenOf(damaged('sources'))).toBe('catalog');
  expect(screenOf(damaged('model choice'))).toBe('models');
  expect(
    screenOf({
      code: 'PROVIDER_DROPPED',
      params: { provider: 'CUDA', because: { code: 'PROVIDER_CRASHED', params: {} } },
    }),
  ).toBe('models');
  expect(screenOf({ code: 'STORAGE_FORBIDDEN', params: {} })).toBeNull();
});
