import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import wabt from 'wabt';
import { DOT_SCAN_WASM } from './dot-scan.ts';

test('the bytes in dot-scan.ts are dot-scan.wat assembled', async () => {
  const source = await readFile(new URL('dot-scan.wat', import.meta.url), 'utf8');
  const { buffer } = (await wabt()).parseWat('dot-scan.wat', source, { simd: true }).toBinary({});
  expect(DOT_SCAN_WASM.toString('base64')).toBe(Buffer.from(buffer).toString('base64'));
});
