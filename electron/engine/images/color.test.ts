import { describe, expect, it } from 'vitest';
import { colorSignature } from './color.ts';

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
