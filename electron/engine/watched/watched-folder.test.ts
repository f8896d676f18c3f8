import { renameSync } from 'node:fs';
import { appendFile, mkdir, rename, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import type { WatchedEvent } from '../../contract/watched.ts';
import { range, temporaryFolder } from '../test-catalog.ts';
import { watchFolder } from './watched-folder.ts';

const jpeg = (text: string) => Buffer.concat([Buffer.from(text), Buffer.from('ffd9', 'hex')]);
const NO_PICTURE = { code: 'IMAGE_UNREADABLE', params: { reason: 'not-a-picture' } } as const;
const told = (event: WatchedEvent) => {
  if (event.type === 'picture') return `${event.name}: ${Buffer.from(event.bytes).subarray(0, -2)}`;
  if (event.type !== 'unusable') return event.type;
  const { code, params } = event.fault;
  return `${event.name} cannot be used: ${code === 'IMAGE_UNREADABLE' ? params.reason : code}`;
};

async function watched(folder: string) {
  const stop = new AbortController();
  onTestFinished(() => stop.abort());
  const events = watchFolder(folder, stop.signal, async (bytes) =>
    Buffer.from(bytes).includes('no picture') ? NO_PICTURE : null,
  );
  const next = async (count = 1) => {
    const found: string[] = [];
    while (found.length < count) {
      const { value, done } = await events.next();
      if (done || !value) break;
      found.push(told(value));
    }
    return found;
  };
  return { next, stop };
}

test('pictures that come are given once they are whole; old, renamed, hidden and other files are not', async () => {
  const folder = join(await temporaryFolder(), 'tether');
  await mkdir(folder);
  await Promise.all(range(1000).map((i) => writeFile(join(folder, `old-${i}.jpg`), '')));
  await writeFile(join(folder, 'old.jpg'), jpeg('old'));
  const { next, stop } = await watched(folder);
  expect(await next()).toEqual(['watching']);

  await rename(join(folder, 'old.jpg'), join(folder, 'renamed.jpg'));
  await writeFile(join(folder, 'notes.txt'), 'x');
  await writeFile(join(folder, '.hidden.jpg'), jpeg('x'));
  await writeFile(join(folder, 'half.jpg'), 'first half, ');
  const [first] = await Promise.all([
    next(),
    new Promise((resolve) => setTimeout(resolve, 1500)).then(() =>
      appendFile(join(folder, 'half.jpg'), jpeg('second half')),
    ),
  ]);
  expect(first).toEqual(['half.jpg: first half, second half']);

  await writeFile(join(folder, 'notes.jpg'), jpeg('no picture'));
  expect(await next()).toEqual(['notes.jpg cannot be used: not-a-picture']);

  // A sync tool writes under another name first. A camera may write the same name again.
  await writeFile(join(folder, 'synced.jpg.part'), jpeg('synced'));
  await rename(join(folder, 'synced.jpg.part'), join(folder, 'synced.jpg'));
  expect(await next()).toEqual(['synced.jpg: synced']);
  await writeFile(join(folder, 'synced.jpg'), jpeg('once more'));
  expect(await next()).toEqual(['synced.jpg: once more']);

  // The folder is renamed, and comes back.
  await rename(folder, `${folder}-away`);
  expect(await next()).toEqual(['gone']);
  await writeFile(join(`${folder}-away`, 'meanwhile.jpg'), jpeg('x'));
  await rename(`${folder}-away`, folder);
  expect(await next()).toEqual(['watching']);
  await writeFile(join(folder, 'after.jpg'), jpeg('after'));
  expect(await next()).toEqual(['after.jpg: after']);
  stop.abort();
  expect(await next()).toEqual([]);
});

test('of very many at once the newest are given, the newest last, and the others are counted', async () => {
  const folder = await temporaryFolder();
  const { next } = await watched(folder);
  expect(await next()).toEqual(['watching']);
  const made = await temporaryFolder();
  for (const i of range(20)) {
    await writeFile(join(made, `${i}.jpg`), jpeg(`${i}`));
    await utimes(join(made, `${i}.jpg`), i, i);
  }
  // Within one turn of the event loop, so that they come at once however slow the machine is.
  for (const i of range(20)) renameSync(join(made, `${i}.jpg`), join(folder, `${i}.jpg`));
  const given = await next(13);
  expect(given.at(-1)).toBe('too many');
  expect(given.at(-2)).toBe('19.jpg: 19');
});
