/**
 * Makes starter/whitening.bin, which is in the repository, from the pictures of the drawn sample catalog: `node
 * models/learn-whitening.ts`. Each picture is embedded as a whole and by its middle, as if the camera were nearer. The directions
 * in which these differ say little of a product, and are shrunk: the matrix is the inverse fourth root of the differences'
 * covariance, which needs no labels. bench/README.md says what that gives on photos that it was not made from.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readPixels } from '../electron/engine/images/photo.ts';
import { loadOnnxRuntime } from '../electron/engine/model/onnx-runtime.ts';
import manifest from './manifest.json' with { type: 'json' };
import { readHalfTensors } from './starter/gguf.ts';
import { mobileNetV3Small } from './starter/graph.ts';
import { fetchWeights } from './starter/weights.ts';
import { WHITENING_PATH, WHITENING_SIZE } from './starter/whitening.ts';

/** The middles that each picture is compared with, by the share of its sides. */
const MIDDLES = [0.75, 0.5];
/** The share of the covariance that is taken to be the same in all directions, because it is known of few pictures. */
const SHRINKAGE = 0.2;
/** Steps of Newton and Schulz (Higham 2008, "Functions of Matrices", 6.35); a step changes nothing any more well before. */
const STEPS = 40;

const N = WHITENING_SIZE;
const CATALOG = resolve(import.meta.dirname, '../resources/sample-catalog');

const onnx = await loadOnnxRuntime();
const session = await onnx.InferenceSession.create(
  mobileNetV3Small(await readHalfTensors(await fetchWeights()), null),
);
const spec = imageSpec();
const covariance = new Float64Array(N * N);
let pairs = 0;
for (const picture of await pictures()) {
  const bytes = new Uint8Array(await readFile(resolve(CATALOG, picture)));
  const whole = await embed((await readPixels(bytes, spec)).pixels);
  for (const side of MIDDLES) {
    const box = { x: (1 - side) / 2, y: (1 - side) / 2, width: side, height: side };
    const middle = await embed((await readPixels(bytes, spec, box)).pixels);
    addOuter(whole.map((value, i) => value - (middle[i] ?? 0)));
    pairs++;
  }
}
// Half as strong as whitening, which would be the inverse of the root itself: that one cost more of the category than it gained.
const { root } = squareRoots(shrunk(covariance.map((value) => value / pairs)));
const { inverse: matrix } = squareRoots(root);
await writeFile(WHITENING_PATH, upperTriangle(matrix));
console.log(`Learned from ${pairs} pairs: ${WHITENING_PATH}`);

function imageSpec() {
  const starter = manifest.models.find(({ id }) => id === 'starter-2');
  const image = starter && 'image' in starter ? starter.image : null;
  if (!image || !('mean' in image)) throw new Error('models/manifest.json has no starter model');
  return { size: image.size, resize: 'cover', kernel: 'cubic', mean: image.mean, std: image.std } as const;
}

async function pictures(): Promise<string[]> {
  const feed: { products: { images: string[] }[] } = JSON.parse(
    await readFile(resolve(CATALOG, 'feed.json'), 'utf8'),
  );
  return feed.products.flatMap(({ images }) => images);
}

/** The unit vector of size x size x 3 sRGB bytes. */
async function embed(pixels: Uint8Array): Promise<Float64Array> {
  const { size, mean, std } = spec;
  const plane = size * size;
  const input = new Float32Array(3 * plane);
  for (let at = 0; at < plane; at++) {
    for (let channel = 0; channel < 3; channel++) {
      const value = (pixels[3 * at + channel] ?? 0) / 255;
      input[channel * plane + at] = (value - (mean[channel] ?? 0)) / (std[channel] ?? 1);
    }
  }
  const { image_embeds: output } = await session.run({
    pixel_values: new onnx.Tensor('float32', input, [1, 3, size, size]),
  });
  const features = Float64Array.from((await output?.getData()) ?? [], Number);
  const length = Math.hypot(...features);
  return features.map((value) => value / length);
}

function addOuter(difference: Float64Array): void {
  for (const [row, value] of difference.entries())
    for (let column = 0; column < N; column++)
      covariance[row * N + column] = (covariance[row * N + column] ?? 0) + value * (difference[column] ?? 0);
}

function shrunk(full: Float64Array): Float64Array {
  let trace = 0;
  for (let i = 0; i < N; i++) trace += full[i * N + i] ?? 0;
  return full.map(
    (value, at) => (1 - SHRINKAGE) * value + (at % (N + 1) === 0 ? (SHRINKAGE * trace) / N : 0),
  );
}

/**
 * The square root of a symmetric positive definite matrix, and its inverse. Both are scaled so that their mean on the diagonal is 1:
 * only directions count.
 */
function squareRoots(full: Float64Array): { root: Float64Array; inverse: Float64Array } {
  const norm = Math.sqrt(full.reduce((sum, value) => sum + value * value, 0));
  let root: Float64Array = full.map((value) => value / norm);
  let inverse: Float64Array = Float64Array.from(full, (_, at) => (at % (N + 1) === 0 ? 1 : 0));
  for (let step = 0; step < STEPS; step++) {
    const next = product(inverse, root).map((value, at) => ((at % (N + 1) === 0 ? 3 : 0) - value) / 2);
    [root, inverse] = [product(root, next), product(next, inverse)];
  }
  return { root: scaled(root), inverse: scaled(inverse) };
}

function scaled(matrix: Float64Array): Float64Array {
  let diagonal = 0;
  for (let i = 0; i < N; i++) diagonal += (matrix[i * N + i] ?? 0) / N;
  return matrix.map((value) => value / diagonal);
}

function product(a: Float64Array, b: Float64Array): Float64Array {
  const result = new Float64Array(N * N);
  for (let row = 0; row < N; row++) {
    for (let k = 0; k < N; k++) {
      const factor = a[row * N + k] ?? 0;
      for (let column = 0; column < N; column++)
        result[row * N + column] = (result[row * N + column] ?? 0) + factor * (b[k * N + column] ?? 0);
    }
  }
  return result;
}

function upperTriangle(full: Float64Array): Uint8Array {
  const halves = new Float16Array((N * (N + 1)) / 2);
  let next = 0;
  for (let row = 0; row < N; row++)
    for (let column = row; column < N; column++) halves[next++] = full[row * N + column] ?? 0;
  return new Uint8Array(halves.buffer);
}
