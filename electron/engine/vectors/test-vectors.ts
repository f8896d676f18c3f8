// Vectors that lie in groups, as those of garments do, for tests of the index.
import type { Groups } from './group-bounds.ts';
import { Vectors } from './vectors.ts';

/** A number from 0 to 1 that looks random and is the same for the same seed. */
const number = (seed: number) => Math.abs(Math.sin(seed * 12.9898 + 78.233) * 43_758.5453) % 1;

function unit(values: Float32Array): Float32Array {
  const length = Math.hypot(...values);
  return values.map((value) => value / length);
}

/** One of 40 kinds of thing, `n` being which picture. */
export function clustered(n: number, dim = 24): Float32Array {
  const kind = Math.floor(number(n) * 40);
  return unit(
    Float32Array.from(
      { length: dim },
      (_, i) => number(kind * 1000 + i) - 0.5 + (number(n * 97 + i + 1) - 0.5) * 0.5,
    ),
  );
}

/** These vectors, each a group of its own, or `images` to a group. */
export function loadVectors(all: readonly Float32Array[], images = 1): { vectors: Vectors; groups: Groups } {
  const vectors = new Vectors(all.length, all[0]?.length ?? 0);
  for (const [row, vector] of all.entries()) vectors.set(row, vector);
  const count = all.length / images;
  return {
    vectors,
    groups: {
      starts: Uint32Array.from({ length: count + 1 }, (_, group) => group * images),
      rows: Uint32Array.from(all.keys()),
      of: Uint32Array.from(all, (_, row) => Math.floor(row / images)),
    },
  };
}
