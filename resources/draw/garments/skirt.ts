import { button, drape, type Garment, seam, sew } from '../cloth.ts';
import { curve, mirrored, path, shape } from '../geometry.ts';
import { darker } from '../palette.ts';

export interface Skirt {
  readonly cut: 'pencil' | 'a-line' | 'circle' | 'wrap';
  readonly length: 'mini' | 'knee' | 'midi';
  readonly pleats?: boolean;
  readonly buttons?: boolean;
  readonly tiers?: boolean;
}

export const skirt =
  (s: Skirt): Garment =>
  (fabric, view) => {
    const tall = { mini: 280, knee: 370, midi: 490 }[s.length];
    const wide =
      { pencil: 96, 'a-line': 154, circle: 206, wrap: 138 }[s.cut] * (s.length === 'mini' ? 0.98 : 1) +
      view.pose * 14;
    const waist = s.length === 'mini' ? 92 : 80;
    const top = -tall / 2;
    const bottom = tall / 2;
    const hip = Math.min(waist + 34, (waist + wide) / 2 + 14);
    const swing = view.pose * 16;
    const d = shape(
      [-waist, top + 20],
      [0, top + 28, waist, top + 20],
      [hip, top + 90, wide - 10, bottom - 90, wide + swing, bottom - 14],
      [wide * 0.5, bottom + 16, 0, bottom + 6],
      [-wide * 0.5, bottom + 14, -wide + swing, bottom - 12],
      [-wide + 10, bottom - 90, -hip, top + 90, -waist, top + 20],
    );
    const ray = (k: number, from: number) =>
      curve(
        [k * waist, top + 30 + from],
        [k * (waist + wide) * 0.5 + swing * 0.3, (top + bottom) / 2],
        [k * wide + swing, bottom + 8],
      );
    const rays = s.pleats
      ? [-0.84, -0.66, -0.48, -0.3, -0.12, 0.06, 0.24, 0.42, 0.6, 0.78]
      : s.cut === 'pencil'
        ? [-0.6, 0.55]
        : [-0.74, -0.42, -0.1, 0.3, 0.68];
    const folds = rays.map((k, i) => ray(k, s.pleats ? 0 : 50 + (i % 3) * 40));
    const tiers = s.tiers
      ? [0.36, 0.68]
          .map((v) => {
            const y = top + tall * v;
            const w = waist + (wide - waist) * (v + 0.06);
            return (
              seam(curve([-w, y - 8], [0, y + 8], [w, y - 8])) +
              seam(
                ...[-0.8, -0.5, -0.2, 0.1, 0.4, 0.7].map((k) => path([k * w, y + 6], [k * w * 1.04, y + 26])),
              )
            );
          })
          .join('')
      : '';
    const wrap =
      s.cut === 'wrap' && !view.back
        ? sew(fabric, {
            d: shape(
              [-waist + 6, top + 26],
              [waist, top + 24],
              [hip, top + 90, wide - 12, bottom - 90, wide + swing - 2, bottom - 16],
              [wide * 0.3, bottom + 12, -wide * 0.1, bottom - 34],
              [-20, top + 160, -waist + 6, top + 26],
            ),
            folds: [ray(0.2, 30), ray(0.6, 60)],
            puff: 0.6,
          })
        : '';
    const placket =
      s.buttons && !view.back
        ? seam(path([-13, top + 30], [-15, bottom + 6]), path([13, top + 30], [15, bottom + 6])) +
          Array.from({ length: 6 }, (_, i) =>
            button(0, top + 52 + (i * (tall - 90)) / 5, 6.4, darker(fabric.accent.hex, 0.15)),
          ).join('')
        : '';
    const band = sew(fabric, {
      d: mirrored(
        [0, top + 5],
        [waist * 0.6, top + 4, waist - 3, top - 2],
        [waist + 2, top + 25],
        [waist * 0.6, top + 33, 0, top + 34],
      ),
      puff: 0.5,
    });
    return drape(
      fabric.seed,
      0.7,
      sew(fabric, { d, folds }) +
        wrap +
        tiers +
        (s.cut === 'pencil' && view.back ? seam(path([0, top + 30], [0, bottom])) : '') +
        placket +
        band,
    );
  };
