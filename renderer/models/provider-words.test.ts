import { expect, test } from 'vitest';
import type { ProviderState } from '../../electron/contract/models.ts';
import { millisecondWords, onlyProviderWords, speedWords } from './provider-words.ts';

const CPU: ProviderState = { id: 'cpu', name: 'CPU', state: 'in use', fault: null, msPerImage: 38 };
const gpu = (msPerImage: number | null): ProviderState => ({
  ...CPU,
  id: 'webgpu',
  state: 'offered',
  msPerImage,
});

test('a provider is compared with the processor, once both are known', () => {
  expect(speedWords(gpu(10), CPU)).toBe('3.8 times as fast as the processor');
  expect(speedWords(gpu(76), CPU)).toBe('Takes 2.0 times as long as the processor');
  expect(speedWords(gpu(38.5), CPU)).toBe('As fast as the processor');
  expect(speedWords(gpu(null), CPU)).toBe('');
  expect(speedWords(CPU, CPU)).toBe('');
  expect(speedWords(gpu(10), { ...CPU, msPerImage: null })).toBe('');
});

test('where there is only the processor, one line says so', () => {
  expect(onlyProviderWords(CPU)).toMatch(/^The processor \(CPU\), 38 ms a picture\. This computer/);
  expect(onlyProviderWords({ ...CPU, msPerImage: null })).toMatch(/^The processor \(CPU\)\. This computer/);
  expect([3.82, 38.4].map(millisecondWords)).toEqual(['3.8 ms a picture', '38 ms a picture']);
});
