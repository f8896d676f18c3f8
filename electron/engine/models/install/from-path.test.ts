import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { expect, test } from 'vitest';
import { modelEntry } from '../../model/manifest.ts';
import { temporaryFolder } from '../../test-catalog.ts';
import { recognise } from './from-path.ts';
import { noise, sha256 } from './test-server.ts';

const [first, second] = [noise(100, 1), noise(100, 2)];

/** A listed model whose text encoder has no hash, as several have that are called alike. */
function listed(id: string, picture: Uint8Array) {
  const image = { file: 'vision.onnx', input: 'x', output: 'y', size: 224, resize: 'cover', kernel: 'cubic' };
  return modelEntry.parse({
    id,
    name: id,
    summary: '',
    licence: 'MIT',
    dim: 8,
    image: { ...image, mean: [0, 0, 0], std: [1, 1, 1] },
    text: { file: 'text.onnx', tokenizer: 'tokenizer.json', input: { ids: 'ids' }, output: 'z', context: 8 },
    files: [
      { path: 'text.onnx' },
      { path: 'tokenizer.json' },
      { path: 'vision.onnx', bytes: picture.length, sha256: sha256(picture) },
    ],
  });
}

test('of two models on one stick, each gets the text encoder that lies beside its own pictures’ encoder', async () => {
  const stick = await temporaryFolder();
  for (const [folder, picture] of [
    ['one', first],
    ['two', second],
  ] as const) {
    await mkdir(join(stick, folder, 'onnx'), { recursive: true });
    await writeFile(join(stick, folder, 'onnx', 'vision.onnx'), picture);
    await writeFile(join(stick, folder, 'onnx', 'text.onnx'), folder);
    await writeFile(join(stick, folder, 'tokenizer.json'), folder);
  }
  for (const [folder, picture] of [
    ['one', first],
    ['two', second],
  ] as const) {
    const { sources } = await recognise(stick, [listed(folder, picture)]);
    const paths = sources.map(({ path }) => relative(stick, path)).sort();
    expect(paths).toEqual(
      [
        join(folder, 'onnx', 'text.onnx'),
        join(folder, 'onnx', 'vision.onnx'),
        join(folder, 'tokenizer.json'),
      ].sort(),
    );
  }
});
