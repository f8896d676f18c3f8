/** How tops fit: body and sleeves by cut. */
import type { View } from '../cloth.ts';
import type { Sleeve, Torso } from './torso.ts';

export type Fit = 'slim' | 'regular' | 'boxy' | 'long';

export const FITS: Record<Fit, { wide: number; length: number }> = {
  slim: { wide: -14, length: -4 },
  regular: { wide: 0, length: 0 },
  boxy: { wide: 16, length: -44 },
  long: { wide: -2, length: 56 },
};

export function torso(fit: Fit, neck: Partial<Torso>): Torso {
  const { wide, length } = FITS[fit];
  const tall = 370 + length;
  return {
    top: -tall / 2 + 6,
    length: tall,
    neck: 44,
    neckDrop: 36,
    neckline: 'round',
    shoulder: 108 + wide * 0.7,
    slope: 26,
    chest: 120 + wide,
    armhole: 118,
    waist: 114 + wide * 1.1 - (fit === 'slim' ? 6 : 0),
    hem: 120 + wide,
    hemDip: 3,
    ...neck,
  };
}

const ARMS: Record<'short' | 'half' | 'long', { length: number; cuff: number; angle: number }> = {
  short: { length: 122, cuff: 47, angle: 40 },
  half: { length: 176, cuff: 42, angle: 34 },
  long: { length: 330, cuff: 25, angle: 15 },
};

/** Sleeves as they lie in a view: `pose` opens the arm and bends the elbow. */
export function arms(
  length: keyof typeof ARMS,
  view: View,
  band: number,
  extra: Partial<Sleeve> = {},
): Sleeve {
  const arm = ARMS[length];
  const long = length === 'long';
  return {
    ...arm,
    angle: arm.angle + view.pose * (long ? 20 : -12),
    bend: long ? 5 + view.pose * 46 : 0,
    band,
    ...extra,
  };
}
