import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { writeJournal } from '../../electron/engine/files/journal.ts';
import { temporaryFolder } from '../../electron/engine/test-catalog.ts';
import { monthsToMarkdown, readUse } from './from-use.ts';

const given = (photo: number, at: string, product: string | null, rank: number | null, band: string) => ({
  ...{ kind: 'given', id: `${photo} ${at}`, at: `${at}T12:00:00.000Z`, product, by: 'said', weights: 'w' },
  photo: photo.toString(16).padStart(32, '0'),
  shown: { rank, band, probability: 0.5 },
  features: null,
});

test('what was said is counted by month, the last of each photo, without what was taken back', async () => {
  const folder = await temporaryFolder();
  await expect(readUse(folder)).rejects.toThrow('Nothing was said');
  await expect(readUse(join(folder, 'nowhere'))).rejects.toThrow(/^There is no folder .*nowhere\.$/);
  await writeJournal(join(folder, 'feedback-starter.jsonl'), [
    given(1, '2026-10-03', 'a', 1, 'same'),
    given(2, '2026-10-04', 'b', 3, 'close'),
    given(3, '2026-10-05', null, null, 'other'),
    given(4, '2026-10-06', null, null, 'similar'),
    given(5, '2026-10-07', 'c', 1, 'other'),
    { kind: 'taken-back', id: '5 2026-10-07' },
    given(6, '2026-11-01', 'c', null, 'other'),
    given(2, '2026-11-02', 'c', 1, 'close'),
    { kind: 'of a later version' },
  ]);
  await writeFile(join(folder, 'other.jsonl'), 'no journal');
  const months = await readUse(folder);
  expect(months.map(({ model, month }) => `${model} ${month}`)).toEqual([
    'starter 2026-10',
    'starter 2026-11',
    'starter all',
  ]);
  const [october, november, all] = months;
  expect(october).toMatchObject({
    ...{ confirmed: 1, absent: 2, first: { hits: 1, of: 1 }, noMatchRight: { hits: 1, of: 2 } },
    bands: { same: { hits: 1, of: 1 }, similar: { hits: 0, of: 1 }, other: { hits: 0, of: 1 } },
  });
  expect(november).toMatchObject({
    confirmed: 2,
    first: { hits: 1, of: 2 },
    noMatchWrong: { hits: 1, of: 2 },
  });
  expect(all).toMatchObject({ confirmed: 3, absent: 2, first: { hits: 2, of: 3 } });
  expect(monthsToMarkdown(months)).toContain('| starter | 2026-11 | 2 (0) | 50 % of 2');
});
