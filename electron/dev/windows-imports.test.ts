import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { makeTemporaryFolder, removeFolder } from './temporary-folder.ts';
import { addRuntime, importedLibraries, missingLibraries } from './windows-imports.ts';

/** The package contains its libraries for every platform. */
const ONNX_RUNTIME = fileURLToPath(
  new URL('../../node_modules/onnxruntime-node/bin/napi-v6/win32/x64', import.meta.url),
);

test('the import table of a Windows library is read', () => {
  const binding = readFileSync(path.join(ONNX_RUNTIME, 'onnxruntime_binding.node'));
  expect(importedLibraries(binding)).toEqual([
    'onnxruntime.dll',
    'KERNEL32.dll',
    'MSVCP140.dll',
    'VCRUNTIME140.dll',
    'VCRUNTIME140_1.dll',
    ...['runtime', 'string', 'math', 'heap'].map((set) => `api-ms-win-crt-${set}-l1-1-0.dll`),
  ]);
  expect(() => importedLibraries(Buffer.from('\x7fELF'))).toThrow('not a Windows program');
});

test('what a clean Windows lacks is named, and taken from the runtime’s folder', async () => {
  const folder = await makeTemporaryFolder();
  onTestFinished(() => removeFolder(folder));
  const app = path.join(folder, 'app', 'modules');
  mkdirSync(app, { recursive: true });
  for (const name of ['onnxruntime.dll', 'onnxruntime_binding.node'])
    copyFileSync(path.join(ONNX_RUNTIME, name), path.join(app, name));
  const needs = (neededBy: string, ...libraries: string[]) =>
    libraries.map((library) => ({ neededBy: path.join('modules', neededBy), library: `${library}.dll` }));
  const missing = missingLibraries(path.dirname(app));
  expect(missing).toHaveLength(8);
  expect(missing).toEqual(
    expect.arrayContaining([
      ...needs('onnxruntime.dll', 'MSVCP140', 'MSVCP140_1', 'MSVCP140_ATOMIC_WAIT'),
      ...needs('onnxruntime.dll', 'VCRUNTIME140', 'VCRUNTIME140_1'),
      ...needs('onnxruntime_binding.node', 'MSVCP140', 'VCRUNTIME140', 'VCRUNTIME140_1'),
    ]),
  );

  const runtime = path.join(folder, 'runtime');
  mkdirSync(runtime);
  // Any libraries will do: dxil.dll needs only the system's, dxcompiler.dll needs more.
  for (const name of ['msvcp140', 'msvcp140_1', 'vcruntime140', 'vcruntime140_1', 'concrt140'])
    copyFileSync(path.join(ONNX_RUNTIME, 'dxil.dll'), path.join(runtime, `${name}.dll`));
  expect(addRuntime(path.dirname(app), runtime)).toEqual(needs('onnxruntime.dll', 'MSVCP140_ATOMIC_WAIT'));
  copyFileSync(path.join(ONNX_RUNTIME, 'dxil.dll'), path.join(runtime, 'msvcp140_atomic_wait.dll'));
  expect(addRuntime(path.dirname(app), runtime)).toEqual([]);
  expect(missingLibraries(path.dirname(app))).toEqual([]);

  writeFileSync(path.join(app, 'other.node'), 'of Linux');
  expect(() => missingLibraries(path.dirname(app))).toThrow('other.node cannot be loaded on Windows');
});
