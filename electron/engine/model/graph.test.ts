import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { MODELS } from '../test-catalog.ts';
import { cutDown } from './graph.ts';
import { loadOnnxRuntime } from './onnx-runtime.ts';

test('a graph that is cut down to one output gives what the whole graph gives there', async () => {
  const whole = await readFile(join(MODELS, 'u2netp', 'u2netp.onnx'));
  const { InferenceSession, Tensor } = await loadOnnxRuntime();
  // The size that the graph declares, the only one at which the whole graph runs.
  const size = 320;
  const values = Float32Array.from({ length: 3 * size * size }, (_, i) => Math.sin(i / 700));
  const picture = new Tensor('float32', values, [1, 3, size, size]);
  const answerOf = async (graph: Uint8Array) => {
    const session = await InferenceSession.create(graph);
    onTestFinished(() => session.release());
    const answer = (await session.run({ 'input.1': picture }, ['1961']))['1961'];
    return { outputs: session.outputNames, data: Array.from((await answer?.getData()) ?? [], Number) };
  };
  const cut = cutDown(whole, '1961', size);
  const [before, after] = [await answerOf(whole), await answerOf(cut)];
  expect(before.outputs).toHaveLength(7);
  expect(after.outputs).toEqual(['1961']);
  expect(after.data).toHaveLength(size * size);
  expect(after.data).toEqual(before.data);
  expect(cut.length).toBeLessThan(whole.length);
});
