import { describe, expect, it } from 'vitest';
import { colorSignature, colorTrust } from './color.ts';

const SIZE = 224;
type Color = readonly [number, number, number];

const RED: Color = [190, 30, 45];
const DARK_RED: Color = [150, 22, 35];
const ORANGE: Color = [230, 120, 30];
const GREEN: Color = [40, 140, 60];
const WHITE: Color = [250, 250, 250];
const GREY: Color = [150, 150, 150];

/** A shirt with sleeves that extends beyond the bottom edge, lit from above, on a background with a little noise. */
function shirt(color: Color, background: Color): Uint8Array {
  const pixels = new Uint8Array(SIZE * SIZE * 3);
  for (let at = 0; at < SIZE * SIZE; at++) {
    const [x, y] = [at % SIZE, Math.floor(at / SIZE)];
    const body = x > 65 && x < 160 && y > 30;
    const sleeves = x > 30 && x < 195 && y > 35 && y < 90;
    const light = body || sleeves ? 1.1 - (0.25 * y) / SIZE : 1 - ((x * 7 + y * 13) % 5) / 200;
    pixels.set(
      (body || sleeves ? color : background).map((value) => Math.min(255, value * light)),
      at * 3,
    );
  }
  return pixels;
}

function likeness(one: Uint8Array, other: Uint8Array): number {
  const [a, b] = [colorSignature(one, SIZE), colorSignature(other, SIZE)];
  return a.reduce((sum, value, at) => sum + value * (b[at] ?? 0), 0);
}

describe('colour signature', () => {
  it('is 256 numbers from 0 to 1, of unit length', () => {
    const signature = colorSignature(shirt(RED, WHITE), SIZE);
    expect(signature).toHaveLength(256);
    expect(Math.min(...signature)).toBeGreaterThanOrEqual(0);
    expect(Math.hypot(...signature)).toBeCloseTo(1, 5);
  });

  it('is the shirt, not what lies behind it', () => {
    expect(likeness(shirt(RED, WHITE), shirt(RED, GREY))).toBeGreaterThan(0.9);
    expect(likeness(shirt(RED, WHITE), shirt(RED, [60, 50, 120]))).toBeGreaterThan(0.9);
    expect(likeness(shirt(RED, WHITE), shirt(GREEN, WHITE))).toBeLessThan(0.3);
    expect(likeness(shirt([20, 20, 22], WHITE), shirt(WHITE, [20, 20, 22]))).toBeLessThan(0.3);
  });

  it('takes a shade for nearer than a hue', () => {
    const darker = likeness(shirt(RED, WHITE), shirt(DARK_RED, WHITE));
    expect(darker).toBeGreaterThan(0.6);
    expect(darker).toBeGreaterThan(likeness(shirt(RED, WHITE), shirt(ORANGE, WHITE)) + 0.2);
  });

  it('tells pale colours apart', () => {
    const beige: Color = [225, 205, 175];
    const sky: Color = [180, 205, 225];
    expect(likeness(shirt(beige, WHITE), shirt(sky, WHITE))).toBeLessThan(0.6);
  });

  it('uses all of a picture that is one colour', () => {
    const cloth = new Uint8Array(SIZE * SIZE * 3).map((_, at) => RED[at % 3] ?? 0);
    expect(likeness(cloth, shirt(RED, WHITE))).toBeGreaterThan(0.8);
    expect(likeness(cloth, shirt(GREEN, WHITE))).toBeLessThan(0.3);
  });
});

describe('trust in colours', () => {
  const trust = (pixels: Uint8Array) => colorTrust(pixels, SIZE);
  const altered = (pixels: Uint8Array, alter: (rgb: number[]) => number[]) =>
    Uint8Array.from(
      Array.from({ length: SIZE * SIZE }, (_, at) => alter([...pixels.subarray(at * 3, at * 3 + 3)])).flat(),
    );
  const lightness = ([r = 0, g = 0, b = 0]: number[]) => 0.3 * r + 0.59 * g + 0.11 * b;

  it('is full for a coloured subject, one that fills the photo, and a grey one beside some colour', () => {
    expect(trust(shirt(RED, WHITE))).toBe(1);
    expect(trust(shirt(RED, RED))).toBe(1);
    expect(trust(shirt(GREY, [200, 195, 185]))).toBe(1);
  });

  it('is none for a photo without colour, and little in the dark', () => {
    const photo = shirt(RED, WHITE);
    expect(trust(altered(photo, (rgb) => [lightness(rgb), lightness(rgb), lightness(rgb)]))).toBe(0);
    expect(trust(altered(photo, (rgb) => rgb.map((value) => value / 8)))).toBeLessThan(0.3);
  });

  it('is little in dim coloured light, where white light as dim leaves some, and full in bright coloured light', () => {
    const light = (red: number, green: number, blue: number) =>
      trust(altered(shirt(GREEN, WHITE), ([r = 0, g = 0, b = 0]) => [red * r, green * g, blue * b]));
    expect(light(0.42, 0.3, 0.15)).toBeLessThan(0.5);
    expect(light(0.5, 0.22, 0.18)).toBeLessThan(0.4);
    expect(light(0.3, 0.3, 0.3)).toBeGreaterThan(0.7);
    expect(light(1, 0.75, 0.35)).toBe(1);
  });
});
