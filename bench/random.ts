/** Mulberry32 (public domain, T. Ettinger): numbers from 0 to 1. The same seed gives the same numbers. */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** One item of a list. @throws RangeError when it is empty */
export function pick<T>(list: readonly T[], random: () => number): T {
  const item = list[Math.floor(random() * list.length)];
  if (item === undefined) throw new RangeError('There is nothing to pick from.');
  return item;
}

/** A unit vector around a centre: every number moved by up to `spread`, then scaled to length 1. */
export function unitNear(centre: Float32Array, spread: number, random: () => number): Float32Array {
  const moved = centre.map((value) => value + (random() * 2 - 1) * spread);
  const length = Math.hypot(...moved);
  return moved.map((value) => value / length);
}
