import { colorSimilarity } from '../snapshot/color-bytes.ts';
import type { ImageFeatures } from '../snapshot/style-pictures.ts';
import { type Scale, type Scales, scaleOf } from './color.ts';
import { meanOf } from './statistics.ts';

/** The middle of a catalog's embeddings. */
export interface Center {
  mean: Float32Array;
  /** The root mean square distance from it. */
  spread: number;
}

/** With fewer similarities than this the scales are those of the starter model for clothing photos. */
const LEAST_PAIRS = 20;
const USUAL: Scales = {
  visual: { mean: 0.55, deviation: 0.1 },
  color: { mean: 0.4, deviation: 0.23 },
  subject: { mean: 0.4, deviation: 0.23 },
};

/** Measures how alike pictures of different styles are, over all pairs of a sample. */
export function measureScales(sample: readonly ImageFeatures[]): Scales {
  const visual: number[] = [];
  const color: number[] = [];
  const subject: number[] = [];
  for (const [i, one] of sample.entries()) {
    for (const other of sample.slice(i + 1)) {
      if (one.styleId === other.styleId) continue;
      visual.push(dot(one.vector, other.vector));
      color.push(colorSimilarity(one.colorSignature, other.colorSignature));
      if (one.subjectColors && other.subjectColors)
        subject.push(colorSimilarity(one.subjectColors, other.subjectColors));
    }
  }
  const measured = (values: readonly number[], usual: Scale) =>
    values.length < LEAST_PAIRS ? usual : scaleOf(values);
  const ofColor = measured(color, USUAL.color);
  return {
    visual: measured(visual, USUAL.visual),
    color: ofColor,
    // While few subjects are known, they are taken to be about as alike as whole pictures.
    subject: measured(subject, ofColor),
  };
}

export function dot(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? 0) * (b[i] ?? 0);
  return sum;
}

/** A style that is so similar to the query is the query's own picture, and says nothing of what is ordinary. */
const ITSELF = 0.9999;

/**
 * The scales of one query. How similar the catalog's pictures are to a photo differs from photo to photo: phone photos are
 * less like all of them, and so is a vector that text is part of. So what is ordinary is measured for each query.
 * @param similarities of the query to a sample of the catalog's styles
 * @param scales the catalog's, used where the sample is too small
 */
export function scalesOfQuery(similarities: readonly number[], scales: Scales): Scales {
  const others = similarities.filter((similarity) => similarity < ITSELF);
  return others.length < LEAST_PAIRS ? scales : { ...scales, visual: scaleOf(others) };
}

/** With fewer pictures than this there is no telling what they have in common. */
const LEAST_PICTURES = 30;

/** The middle of a sample of a catalog's pictures; null where the sample is too small. */
export function measureCenter(sample: readonly ImageFeatures[]): Center | null {
  const [first] = sample;
  if (!first || sample.length < LEAST_PICTURES) return null;
  const mean = new Float32Array(first.vector.length);
  for (const { vector } of sample) {
    for (const [i, value] of vector.entries()) mean[i] = (mean[i] ?? 0) + value / sample.length;
  }
  const squares = sample.map(({ vector }) => 1 - 2 * dot(vector, mean) + dot(mean, mean));
  return { mean, spread: Math.sqrt(meanOf(squares)) };
}
