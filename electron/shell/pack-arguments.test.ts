import path from 'node:path';
import { expect, test } from 'vitest';
import { packsAmong } from './pack-arguments.ts';

test('packs are found among the arguments, wherever the program was started', () => {
  const folder = path.resolve('/shop/packs');
  const elsewhere = path.resolve('/other/Winter 2026.LOOKALIKE-PACK');
  const args = ['--allow-file-access', 'autumn.lookalike-pack', '/app', elsewhere, '--x=y.lookalike-pack'];
  expect(packsAmong(args, folder)).toEqual([path.join(folder, 'autumn.lookalike-pack'), elsewhere]);
  expect(packsAmong([], folder)).toEqual([]);
});
