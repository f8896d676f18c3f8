import { colorSimilarity } from '../snapshot/color-bytes.ts';
import type { ImageFeatures } from '../snapshot/style-pictures.ts';
import { type Scales, scaleOf } from './color.ts';

/** Fewer pairs than this say nothing; then what the starter model gives for clothing photos. */
const LEAST_PAIRS = 20;
const USUAL: Scales = { shape: { mean: 0.55, deviation: 0.1 }, color: { mean: 0.4, deviation: 0.23 } };

/** How alike pictures of different styles are: all pairs of the sample. */
export function measureScales(sample: readonly ImageFeatures[]): Scales {
  const shape: number[] = [];
  const color: number[] = [];
  for (const [i, one] of sample.entries()) {
    for (const other of sample.slice(i + 1)) {
      if (one.styleId === other.styleId) continue;
      shape.push(dot(one.vector, other.vector));
      color.push(colorSimilarity(one.colorSignature, other.colorSignature));
    }
  }
  return shape.length < LEAST_PAIRS ? USUAL : { shape: scaleOf(shape), color: scaleOf(color) };
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}
