import { appendFile, readdir, readFile, stat, truncate, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { temporaryFolder } from '../test-catalog.ts';
import { Journal, readJournal } from './journal.ts';

const path = async () => join(await temporaryFolder(), 'journal.jsonl');

test('a cut last line is cut away, and what comes after it is whole', async () => {
  const file = await path();
  const { journal } = await Journal.open(file);
  await Promise.all([
    journal.add([{ n: 1 }, { n: 2 }], { durable: true }),
    journal.add([{ n: 'ö' }], { durable: false }),
  ]);
  await journal.close();
  const whole = (await stat(file)).size;
  await appendFile(file, '1234abcd {"n":');
  expect(await readJournal(file)).toMatchObject({
    entries: [{ n: 1 }, { n: 2 }, { n: 'ö' }],
    torn: 14,
    damaged: 0,
  });
  const again = await Journal.open(file);
  expect(again.journal.bytes).toBe(whole);
  await again.journal.add([{ n: 4 }], { durable: true });
  await again.journal.close();
  expect((await readJournal(file)).entries).toEqual([{ n: 1 }, { n: 2 }, { n: 'ö' }, { n: 4 }]);
});

test('a damaged line is left out, and the damaged file is kept', async () => {
  const file = await path();
  const { journal } = await Journal.open(file);
  await journal.add([{ n: 1 }, { n: 2 }, { n: 3 }], { durable: true });
  await journal.close();
  const bytes = await readFile(file);
  bytes[bytes.indexOf('2')] = 0x39;
  await writeFile(file, bytes);
  const { journal: mended, content, kept } = await Journal.open(file);
  expect(content).toMatchObject({ entries: [{ n: 1 }, { n: 3 }], damaged: 1 });
  expect(await readdir(join(file, '..'))).toContain(kept);
  await mended.add([{ n: 4 }], { durable: true });
  await mended.close();
  expect(await readJournal(file)).toMatchObject({ entries: [{ n: 1 }, { n: 3 }, { n: 4 }], damaged: 0 });
});

test('a disk that fills up in the middle of a line leaves none of it', async () => {
  const file = await path();
  const { journal } = await Journal.open(file);
  await journal.add([{ n: 1 }], { durable: true });
  // The file handle's own class is not exported: the prototype of one serves.
  const { open } = await import('node:fs/promises');
  const handle = await open(file);
  const proto = Object.getPrototypeOf(handle);
  await handle.close();
  const write = vi.spyOn(proto, 'write').mockImplementationOnce(async () => {
    await appendFile(file, 'half');
    throw Object.assign(new Error('ENOSPC: no space left on device'), { code: 'ENOSPC' });
  });
  await expect(journal.add([{ n: 2 }], { durable: true })).rejects.toMatchObject({ code: 'STORAGE_FAILED' });
  write.mockRestore();
  await journal.add([{ n: 3 }], { durable: true });
  await journal.close();
  expect(await readJournal(file)).toMatchObject({ entries: [{ n: 1 }, { n: 3 }], torn: 0, damaged: 0 });
  await truncate(file, 3);
  expect(await readJournal(file)).toMatchObject({ entries: [], torn: 3 });
});
