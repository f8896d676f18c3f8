import { expect, test } from 'vitest';
import { filterProblems, groupProblems } from './problem-groups.ts';

test('problems come by kind, the most frequent first, each under one sentence', () => {
  const unreadable = { image: null, code: 'IMAGE_UNREADABLE', params: { reason: 'empty' } } as const;
  const groups = groupProblems([
    { item: 'a', image: null, code: 'ITEM_INVALID', params: { reason: 'no-variants' } },
    { item: 'b', ...unreadable },
    { item: 'c', ...unreadable },
    { item: 'd', image: null, code: 'PICTURE_NOT_CHECKED', params: { host: 'shop.example' } },
  ]);
  expect(groups.map(({ code, problems }) => [code, problems.length])).toEqual([
    ['IMAGE_UNREADABLE', 2],
    ['ITEM_INVALID', 1],
    ['PICTURE_NOT_CHECKED', 1],
  ]);
  expect(groups[0]?.message).toBe('Files could not be read as pictures.');
  expect(groups[2]?.message).toContain('shop.example asks to wait');
});

test('problems are found by any of their words', () => {
  const about = { item: 'SKU-1', image: 'https://shop.example/A.jpg' };
  const problem = { ...about, code: 'ITEM_INVALID', params: { reason: 'no-variants' } } as const;
  for (const text of ['sku-1', ' a.JPG', 'no variants', ''])
    expect(filterProblems([problem], text)).toHaveLength(1);
  expect(filterProblems([problem], 'whole')).toEqual([]);
});
