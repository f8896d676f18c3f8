import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { saying } from '../../../cli/test-saying.ts';
import { installedModels, type LocatedModel } from '../../model/files.ts';
import { MODELS, temporaryFolder } from '../../test-catalog.ts';
import { endlessModel } from '../../test-models.ts';
import { forkProof, proveApart, type RunProof } from './proof.ts';

const never = new AbortController().signal;

async function endless(): Promise<LocatedModel> {
  const [starter] = await installedModels([MODELS]);
  if (!starter) throw new Error('run "npm run prepare" first');
  const folder = join(await temporaryFolder(), 'endless');
  await mkdir(folder);
  const { bytes, entry } = endlessModel(starter.entry);
  await writeFile(join(folder, 'endless.onnx'), bytes);
  return { entry, folder };
}

test('a graph that never ends is given up, and its process is gone', async () => {
  const model = await endless();
  await expect(proveApart(model, forkProof, never, 1500)).rejects.toMatchObject({
    code: 'MODEL_MISMATCH',
    fault: saying(/did not finish/),
  });
});

test('an installation that is cancelled ends the process at once', async () => {
  const model = await endless();
  const cancel = new AbortController();
  let started = () => {};
  const begun = new Promise<void>((resolve) => {
    started = resolve;
  });
  const run: RunProof = (argument, signal) => {
    started();
    return forkProof(argument, signal);
  };
  const proof = proveApart(model, run, cancel.signal);
  await begun;
  cancel.abort();
  await expect(proof).rejects.toMatchObject({ code: 'CANCELLED' });
});

test('a model that works passes, and one that does not fails as it would in this process', async () => {
  const [starter] = await installedModels([MODELS]);
  if (!starter) throw new Error('run "npm run prepare" first');
  await proveApart(starter, forkProof, never);
  const wrong = { ...starter, entry: { ...starter.entry, dim: 7 } };
  await expect(proveApart(wrong, forkProof, never)).rejects.toMatchObject({
    code: 'MODEL_MISMATCH',
    fault: saying(/7 numbers/),
  });
});

test('a process that ends without a word is a model that does not work', async () => {
  const crashes: RunProof = async () => null;
  await expect(proveApart(await endless(), crashes, never)).rejects.toMatchObject({
    code: 'MODEL_MISMATCH',
    fault: saying(/ended the program/),
  });
});
