import { expect, test } from 'vitest';
import { fullCores, type SystemReader, sessionOptions } from './session.ts';

const unknown = () => {
  throw new Error('not on this system');
};
const system = (logical: number, known: Partial<SystemReader> = {}): SystemReader => ({
  logicalCores: () => logical,
  linuxSiblings: unknown,
  sysctl: unknown,
  ...known,
});

test('a model gets a thread for each core of full speed', () => {
  const linux = { platform: 'linux', arch: 'x64' } as const;
  expect(fullCores(linux, system(4, { linuxSiblings: () => ['0,2', '1,3', '0,2', '1,3'] }))).toBe(2);
  expect(fullCores(linux, system(4))).toBe(4);
  const mac = { platform: 'darwin', arch: 'arm64' } as const;
  // An M2 has four fast cores and four slow ones.
  const m2 = (name: string) => (name === 'hw.perflevel0.physicalcpu' ? 4 : unknown());
  expect(fullCores(mac, system(8, { sysctl: m2 }))).toBe(4);
  expect(fullCores(mac, system(8))).toBe(8);
  expect(fullCores(mac, system(8, { sysctl: () => Number.NaN }))).toBe(8);
  expect(fullCores({ platform: 'win32', arch: 'x64' }, system(8))).toBe(4);
  expect(fullCores({ platform: 'win32', arch: 'arm64' }, system(8))).toBe(8);
});

test('a model can leave a core to others, and keeps one itself', () => {
  const threads = (spared: number) => sessionOptions('cpu', spared).intraOpNumThreads ?? 0;
  expect(threads(1)).toBe(Math.max(1, threads(0) - 1));
  expect(threads(100)).toBe(1);
});
