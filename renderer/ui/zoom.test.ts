import fc from 'fast-check';
import { expect, test } from 'vitest';
import { MOST, panBy, WHOLE, zoomBy } from './zoom.ts';

test('the point zoomed about stays where it is', () => {
  const at = { x: 0.25, y: -0.1 };
  const zoom = zoomBy(WHOLE, 2, at);
  // A point p of the picture is shown at p * scale + offset.
  expect(at.x * zoom.scale + zoom.x).toBeCloseTo(at.x);
  expect(at.y * zoom.scale + zoom.y).toBeCloseTo(at.y);
});

test('the picture always covers its frame', () => {
  const step = fc.record({
    factor: fc.double({ min: 0.1, max: 10, noNaN: true }),
    pan: fc.double({ min: -3, max: 3, noNaN: true }),
  });
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      let zoom = WHOLE;
      for (const { factor, pan } of steps) zoom = panBy(zoomBy(zoom, factor, { x: 0.4, y: 0.4 }), pan, -pan);
      expect(zoom.scale).toBeGreaterThanOrEqual(1);
      expect(zoom.scale).toBeLessThanOrEqual(MOST);
      expect(Math.abs(zoom.x)).toBeLessThanOrEqual((zoom.scale - 1) / 2 + 1e-9);
      expect(Math.abs(zoom.y)).toBeLessThanOrEqual((zoom.scale - 1) / 2 + 1e-9);
    }),
  );
});
