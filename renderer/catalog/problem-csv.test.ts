import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { problemCsv } from './problem-csv.ts';

test('whatever a feed holds comes back from a CSV reader', () => {
  const params = { reason: 'value', field: 'brand', value: 'größe, "سلام"' } as const;
  const problem = { item: 'a "b", c\nd', image: null, code: 'ITEM_INVALID', params } as const;
  expect(parse(problemCsv([problem]), { bom: true })).toEqual([
    ['product', 'picture', 'code', 'message'],
    [problem.item, '', problem.code, 'Its brand größe, "سلام" was not understood and was left out.'],
  ]);
});

test('a spreadsheet runs nothing', () => {
  const problem = { item: '=cmd()', image: '@x', code: 'PROVIDER_FAILED', params: { said: '-1' } } as const;
  expect(parse(problemCsv([problem]), { bom: true })[1]).toEqual([
    "'=cmd()",
    "'@x",
    'PROVIDER_FAILED',
    "'-1",
  ]);
});
