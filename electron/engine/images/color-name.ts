import { convertRgbToXyz65, convertXyz65ToLab65, parseHex } from 'culori/fn';
import { type Lab, signatureOf } from './color.ts';

/** Colour names that shops use, each with some of its shades. */
const SHADES: Record<string, readonly string[]> = {
  black: ['#161616', '#2a2a2e', '#3c3c40'],
  grey: ['#6e6e70', '#97979a'],
  white: ['#f4f4f2', '#e6e5e2', '#d6d6d6'],
  beige: ['#d9c7a6', '#c8b08c', '#e8dcc4'],
  brown: ['#6b4429', '#8a5a33', '#45301f'],
  red: ['#c0222c', '#d93a3a', '#a81c24', '#e8141c'],
  burgundy: ['#6a1a2b', '#501826'],
  pink: ['#e9a3b4', '#d9718f', '#f1c6cd', '#e0218a'],
  orange: ['#dd6b20', '#c8552b', '#ee8c3a'],
  yellow: ['#e5b92f', '#f0d860', '#c99a1e', '#f5e020'],
  green: ['#2f7a3f', '#4f9a5a', '#1f4d33', '#9aaa86', '#1fae4b', '#8cc63f'],
  olive: ['#6b6b3a', '#55572f', '#8b8a5c'],
  teal: ['#1f7a7a', '#2f9a98', '#155458'],
  'light blue': ['#9cc3e6', '#b9d3ea', '#7fb0d8'],
  blue: ['#2a5caa', '#3d74c8', '#1f4690', '#1f3fd8'],
  navy: ['#1d2a4d', '#15203c', '#2a3a63'],
  purple: ['#6b3d8c', '#8a5fb0', '#b79ad0', '#7a1fc0'],
};

/** Factors of brightness: a cloth is photographed with folds in shade and edges in light. */
const LIGHT = [0.7, 0.85, 1, 1.06];

/** A picture with a lower score than this for every named colour is multicoloured. */
const LEAST_LIKENESS = 0.5;

const NAMED = Object.entries(SHADES).flatMap(([name, shades]) =>
  shades.map((hex) => ({ name, signature: signatureOf(LIGHT.map((light) => litLab(hex, light))) })),
);

/** The name of a picture's colour by its signature (`colorSignature`): one of seventeen colour names, or "multicoloured". */
export function colorName(signature: Float32Array): string {
  let best = { name: 'multicoloured', likeness: LEAST_LIKENESS };
  for (const { name, signature: named } of NAMED) {
    const likeness = named.reduce((sum, value, i) => sum + value * (signature[i] ?? 0), 0);
    if (likeness > best.likeness) best = { name, likeness };
  }
  return best.name;
}

function litLab(hex: string, light: number): Lab {
  const { r, g, b } = parseHex(hex) ?? { r: 0, g: 0, b: 0 };
  const lab = convertXyz65ToLab65(convertRgbToXyz65({ r, g, b }));
  return [Math.min(100, lab.l * light), lab.a * light, lab.b * light];
}
