// Vectors in clusters, like those of garments, for tests of the index.
import { type Selection, Vectors } from './vectors.ts';

/** A number from 0 to 1 that looks random. The same seed gives the same number. */
const number = (seed: number) => Math.abs(Math.sin(seed * 12.9898 + 78.233) * 43_758.5453) % 1;

function unit(values: Float32Array): Float32Array {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

/** A vector near one of 40 cluster centres; `n` is the number of the picture. */
export function clustered(n: number, dim = 24): Float32Array {
  const kind = Math.floor(number(n) * 40);
  return unit(
    Float32Array.from(
      { length: dim },
      (_, i) => number(kind * 1000 + i) - 0.5 + (number(n * 97 + i + 1) - 0.5) * 0.5,
    ),
  );
}

/** Loads the vectors into memory. */
export function loadVectors(all: readonly Float32Array[]): Vectors {
  const vectors = new Vectors(all.length, all[0]?.length ?? 0);
  for (const [id, vector] of all.entries()) vectors.set(id, vector);
  return vectors;
}

/** Selects the ids that pass. */
export function select(count: number, passes: (id: number) => boolean = () => true): Selection {
  const mask = Uint8Array.from({ length: count }, (_, id) => (passes(id) ? 1 : 0));
  const selected = mask.reduce((sum, one) => sum + one, 0);
  return { mask, count: selected, filtered: selected < count };
}
