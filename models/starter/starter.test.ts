import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { type InferenceSession, loadOnnxRuntime } from '../../electron/engine/model/onnx-runtime.ts';
import { isIntact } from '../verify.ts';
import { readHalfTensors } from './gguf.ts';
import golden from './golden.json' with { type: 'json' };
import { mobileNetV3Small } from './graph.ts';
import { BUILT_MODELS } from './model.ts';
import { fetchWeights } from './weights.ts';
import { readWhitening } from './whitening.ts';

const onnx = await loadOnnxRuntime();

const SIZE = 224;
const DIM = 576;
const PIXELS = 3 * SIZE * SIZE;
const range = (length: number) => Array.from({ length }, (_, i) => i);

const [starter, earlier] = BUILT_MODELS;

test.each(BUILT_MODELS)(
  '$id: the file is the one the manifest pins, and building again gives the same bytes',
  async ({ whitened, path, digest }) => {
    expect(await isIntact(path, digest)).toBe(true);
    const weights = await readHalfTensors(await fetchWeights());
    const rebuilt = mobileNetV3Small(weights, whitened ? await readWhitening() : null);
    expect(Buffer.compare(rebuilt, await readFile(path))).toBe(0);
  },
);

test('the weights of a model that is in use never change under its id', () => {
  expect(BUILT_MODELS.map(({ id, digest }) => [id, digest.hex])).toEqual([
    ['starter-2', '41ccd1c5ba8aa24b151170fb6a7d115065580ada0258b9a6ea83fa2efe2ff1b6'],
    ['starter', 'c4ebc6c56bdc3af1e6d54f5022766e61b2105b9bf5e657e8e850edb5477d18a8'],
  ]);
});

test('a missing weight is named', async () => {
  const weights = await readHalfTensors(await fetchWeights());
  weights.delete('features.4.block.2.fc1.bias');
  expect(() => mobileNetV3Small(weights, null)).toThrow('features.4.block.2.fc1.bias');
});

test('the embedding is the golden one, alone and beside another image', async () => {
  await expectGolden(earlier.path, golden.embedding);
});

test('the starter model’s is the golden one, whitened', async () => {
  const { values } = await readWhitening();
  const whitened = range(DIM).map((column) =>
    golden.embedding.reduce((sum, value, row) => sum + value * (values[row * DIM + column] ?? 0), 0),
  );
  await expectGolden(starter.path, unit(whitened));
});

async function expectGolden(path: string, expected: readonly number[]): Promise<void> {
  const session = await onnx.InferenceSession.create(path);
  const [alone] = await embed(session, [syntheticImage()]);
  const [, beside] = await embed(session, [new Float32Array(PIXELS), syntheticImage()]);
  for (const embedding of [alone, beside]) {
    expect(embedding).toHaveLength(DIM);
    const differences = expected.map((value, index) => Math.abs(value - (embedding?.[index] ?? NaN)));
    expect(Math.max(...differences)).toBeLessThan(1e-3);
  }
}

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
