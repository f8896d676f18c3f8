import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { problemCsv } from './problem-csv.ts';

test('whatever a feed holds comes back from a CSV reader', () => {
  const problem = { item: 'a "b", c\nd', image: null, code: 'ITEM_INVALID', message: 'größe, "سلام"' };
  expect(parse(problemCsv([problem]), { bom: true })).toEqual([
    ['product', 'picture', 'code', 'message'],
    [problem.item, '', problem.code, problem.message],
  ]);
});

test('a spreadsheet runs nothing', () => {
  const problem = { item: '=cmd()', image: '@x', code: 'ITEM_INVALID', message: '-1' };
  expect(parse(problemCsv([problem]), { bom: true })[1]).toEqual(["'=cmd()", "'@x", 'ITEM_INVALID', "'-1"]);
});
