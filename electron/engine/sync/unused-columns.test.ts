import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { FeedRequest, ImportProblem } from '../../contract/publishing.ts';
import { drawPicture, openTestEngine, range, temporaryFolder } from '../test-catalog.ts';

const never = new AbortController().signal;

const columnsOf = (problems: readonly ImportProblem[]) =>
  problems.flatMap((problem) => (problem.code === 'COLUMN_UNUSED' ? [problem.params.column] : []));

async function toEnd<T>(steps: AsyncGenerator<unknown, T>): Promise<T> {
  for (;;) {
    const step = await steps.next();
    if (step.done) return step.value;
  }
}

test('columns that look useful and are not used are said by a plan, and by a sync when they are news', async () => {
  const folder = await temporaryFolder();
  const engine = await openTestEngine(join(folder, 'data'));
  await Promise.all(range(3).map(async (i) => writeFile(join(folder, `${i}.png`), await drawPicture(i))));
  const path = join(folder, 'feed.csv');
  const write = (header: string, more: string, title = 'P') => {
    const rows = range(3).map((i) => `p${i},${title} ${i},${i}.png,${i}1.50${more}`);
    return writeFile(path, `id,title,images,price${header}\n${rows.join('\n')}\n`);
  };
  const request: FeedRequest = {
    source: { kind: 'file', path },
    mapping: {
      format: 'csv',
      fields: { id: ['id'], title: ['title'], images: ['images'], price: ['price'] },
      charset: null,
    },
  };
  const said = async () => columnsOf((await toEnd(engine.publisher.sync(request, never))).problems);
  const planned = async () => columnsOf((await toEnd(engine.publisher.plan(request, never))).problems);

  await write(',mystery', ',$9.90');
  expect(await planned()).toEqual(['mystery']);
  expect(await said()).toEqual(['mystery']);
  await write(',mystery', ',$9.90', 'Renamed');
  expect(await said()).toEqual([]);
  expect(await planned()).toEqual(['mystery']);
  await write(',mystery,second', ',$9.90,€8.00');
  expect(await said()).toEqual(['mystery', 'second']);
  await write('', '');
  expect(await said()).toEqual([]);
  await write(',mystery', ',$9.90');
  expect(await said()).toEqual(['mystery']);
});
