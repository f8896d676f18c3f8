import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { PriorityGate } from './priority-gate.ts';

test('a program’s query begins when no person’s is in progress, and both come before bulk work', async () => {
  const gate = new PriorityGate();
  const done: string[] = [];
  const ends = new Map<string, () => void>();
  const query = (name: string, asker: 'person' | 'program') =>
    gate.interactive(async () => {
      done.push(`${name} begins`);
      await new Promise<void>((resolve) => ends.set(name, resolve));
      done.push(`${name} ends`);
    }, asker);
  const till = query('till', 'program');
  const first = query('first', 'person');
  const shop = query('shop', 'program');
  const bulk = gate.bulk().then(() => done.push('bulk'));
  const second = query('second', 'person');
  await setImmediate();
  for (const name of ['till', 'first', 'second', 'shop']) {
    ends.get(name)?.();
    await setImmediate();
  }
  await Promise.all([till, first, second, shop, bulk]);
  expect(done).toEqual([
    'till begins',
    'first begins',
    'second begins',
    'till ends',
    'first ends',
    'second ends',
    'shop begins',
    'shop ends',
    'bulk',
  ]);
});
