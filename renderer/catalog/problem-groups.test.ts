import { expect, test } from 'vitest';
import { filterProblems, groupProblems } from './problem-groups.ts';

test('problems come by kind, the most frequent first, each under one sentence', () => {
  const problem = (code: string, item: string) => ({ item, image: null, code, message: `about ${item}` });
  const groups = groupProblems([
    problem('ITEM_INVALID', 'a'),
    problem('IMAGE_UNREADABLE', 'b'),
    problem('IMAGE_UNREADABLE', 'c'),
    problem('SOMETHING_NEW', 'd'),
  ]);
  expect(groups.map(({ code, problems }) => [code, problems.length])).toEqual([
    ['IMAGE_UNREADABLE', 2],
    ['ITEM_INVALID', 1],
    ['SOMETHING_NEW', 1],
  ]);
  expect(groups[0]?.message).toBe('Files could not be read as pictures.');
  expect(groups[2]?.message).toBe('about d');
});

test('problems are found by any of their words', () => {
  const problem = { item: 'SKU-1', image: 'https://shop.example/A.jpg', code: 'X', message: 'It is broken.' };
  for (const text of ['sku-1', ' a.JPG', 'broken', ''])
    expect(filterProblems([problem], text)).toHaveLength(1);
  expect(filterProblems([problem], 'whole')).toEqual([]);
});
