import { join } from 'node:path';
import { loadOnnxRuntime } from '../electron/engine/model/onnx-runtime.ts';
import { sessionOptions } from '../electron/engine/model/session.ts';
import type { BenchModel } from './model.ts';

/** Runs only the model: the same graph under the engine's session options, on noise. */
export async function bareModel({ entry, folder }: BenchModel, batch: number): Promise<() => Promise<void>> {
  const { file, input, output, size } = entry.image;
  const { InferenceSession, Tensor } = await loadOnnxRuntime();
  const session = await InferenceSession.create(join(folder, file), sessionOptions('cpu'));
  const data = Float32Array.from({ length: batch * 3 * size * size }, () => Math.random() * 2 - 1);
  const tensor = new Tensor('float32', data, [batch, 3, size, size]);
  return async () => {
    await session.run({ [input]: tensor }, [output]);
  };
}
