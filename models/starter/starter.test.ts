import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type InferenceSession, loadOnnxRuntime } from '../../electron/engine/model/onnx-runtime.ts';
import { isIntact } from '../verify.ts';
import { readHalfTensors } from './gguf.ts';
import golden from './golden.json' with { type: 'json' };
import { mobileNetV3Small } from './graph.ts';
import { MODEL_DIGEST, MODEL_PATH } from './model.ts';
import { fetchWeights } from './weights.ts';

const onnx = await loadOnnxRuntime();

const SIZE = 224;
const DIM = 576;
const PIXELS = 3 * SIZE * SIZE;

test('the model file is the one the manifest pins', async () => {
  expect(await isIntact(MODEL_PATH, MODEL_DIGEST)).toBe(true);
});

test('building again gives the same bytes', async () => {
  const rebuilt = mobileNetV3Small(await readHalfTensors(await fetchWeights()));
  expect(Buffer.compare(rebuilt, await readFile(MODEL_PATH))).toBe(0);
});

test('a missing weight is named', async () => {
  const weights = await readHalfTensors(await fetchWeights());
  weights.delete('features.4.block.2.fc1.bias');
  expect(() => mobileNetV3Small(weights)).toThrow('features.4.block.2.fc1.bias');
});

test('the embedding is the golden one, alone and beside another image', async () => {
  const session = await onnx.InferenceSession.create(MODEL_PATH);
  const [alone] = await embed(session, [syntheticImage()]);
  const [, beside] = await embed(session, [new Float32Array(PIXELS), syntheticImage()]);
  for (const embedding of [alone, beside]) {
    expect(embedding).toHaveLength(DIM);
    const differences = golden.embedding.map((value, index) => Math.abs(value - (embedding?.[index] ?? NaN)));
    expect(Math.max(...differences)).toBeLessThan(1e-3);
  }
});

/** Diagonal bands with another frequency in each channel, over the range of a normalised photo. */
function syntheticImage(): Float32Array {
  return Float32Array.from({ length: PIXELS }, (_, index) => {
    const x = index % SIZE;
    const y = Math.floor(index / SIZE) % SIZE;
    const channel = Math.floor(index / (SIZE * SIZE));
    return ((x * (channel + 2) + y * y) % 113) / 28 - 2;
  });
}

/** The L2-normalised embedding of each image. */
async function embed(session: InferenceSession, images: Float32Array[]): Promise<number[][]> {
  const pixels = Float32Array.from(images.flatMap((image) => [...image]));
  const input = new onnx.Tensor('float32', pixels, [images.length, 3, SIZE, SIZE]);
  const { image_embeds: output } = await session.run({ pixel_values: input });
  expect(output?.dims).toEqual([images.length, DIM]);
  const values = Array.from((await output?.getData()) ?? [], Number);
  return images.map((_, index) => unit(values.slice(index * DIM, (index + 1) * DIM)));
}

function unit(vector: number[]): number[] {
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}
