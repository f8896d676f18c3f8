import { button, drape, type Fabric, type Garment, seam, sew, type View } from '../cloth.ts';
import { curve, mirrored, path, shape } from '../geometry.ts';
import { darker } from '../palette.ts';

export interface Skirt {
  readonly cut: 'pencil' | 'a-line' | 'circle' | 'wrap';
  readonly length: 'mini' | 'knee' | 'midi';
  readonly pleats?: boolean;
  readonly buttons?: boolean;
  readonly tiers?: boolean;
}

interface Cut {
  readonly top: number;
  readonly bottom: number;
  /** Half widths at the waist, the hip and the hem. */
  readonly waist: number;
  readonly hip: number;
  readonly wide: number;
  /** How far the hem swings to the right. */
  readonly swing: number;
}

function cutOf(s: Skirt, view: View): Cut {
  const mini = s.length === 'mini';
  const tall = { mini: 280, knee: 370, midi: 490 }[s.length];
  const wide =
    { pencil: 96, 'a-line': 154, circle: 206, wrap: 138 }[s.cut] * (mini ? 0.98 : 1) + view.pose * 14;
  const waist = mini ? 92 : 80;
  const hip = Math.min(waist + 34, (waist + wide) / 2 + 14);
  return { top: -tall / 2, bottom: tall / 2, waist, hip, wide, swing: view.pose * 16 };
}

/** A fold from `from` below the waist to the hem; `k` is -1 at the left side, 1 at the right. */
const ray = ({ top, bottom, waist, wide, swing }: Cut, k: number, from: number): string =>
  curve(
    [k * waist, top + 30 + from],
    [k * (waist + wide) * 0.5 + swing * 0.3, (top + bottom) / 2],
    [k * wide + swing, bottom + 8],
  );

function foldsOf(s: Skirt, c: Cut): string[] {
  if (s.pleats)
    return [-0.84, -0.66, -0.48, -0.3, -0.12, 0.06, 0.24, 0.42, 0.6, 0.78].map((k) => ray(c, k, 0));
  const at = s.cut === 'pencil' ? [-0.6, 0.55] : [-0.74, -0.42, -0.1, 0.3, 0.68];
  return at.map((k, i) => ray(c, k, 50 + (i % 3) * 40));
}

const outline = ({ top, bottom, waist, hip, wide, swing }: Cut): string =>
  shape(
    [-waist, top + 20],
    [0, top + 28, waist, top + 20],
    [hip, top + 90, wide - 10, bottom - 90, wide + swing, bottom - 14],
    [wide * 0.5, bottom + 16, 0, bottom + 6],
    [-wide * 0.5, bottom + 14, -wide + swing, bottom - 12],
    [-wide + 10, bottom - 90, -hip, top + 90, -waist, top + 20],
  );

function tier({ top, bottom, waist, wide }: Cut, v: number): string {
  const y = top + (bottom - top) * v;
  const w = waist + (wide - waist) * (v + 0.06);
  const gathers = [-0.8, -0.5, -0.2, 0.1, 0.4, 0.7].map((k) => path([k * w, y + 6], [k * w * 1.04, y + 26]));
  return seam(curve([-w, y - 8], [0, y + 8], [w, y - 8])) + seam(...gathers);
}

function wrap(fabric: Fabric, c: Cut): string {
  const { top, bottom, waist, hip, wide, swing } = c;
  const d = shape(
    [-waist + 6, top + 26],
    [waist, top + 24],
    [hip, top + 90, wide - 12, bottom - 90, wide + swing - 2, bottom - 16],
    [wide * 0.3, bottom + 12, -wide * 0.1, bottom - 34],
    [-20, top + 160, -waist + 6, top + 26],
  );
  return sew(fabric, { d, folds: [ray(c, 0.2, 30), ray(c, 0.6, 60)], puff: 0.6 });
}

function placket(fabric: Fabric, { top, bottom }: Cut): string {
  const buttons = Array.from({ length: 6 }, (_, i) =>
    button(0, top + 52 + (i * (bottom - top - 90)) / 5, 6.4, darker(fabric.accent.hex, 0.15)),
  );
  return (
    seam(path([-13, top + 30], [-15, bottom + 6]), path([13, top + 30], [15, bottom + 6])) + buttons.join('')
  );
}

const band = (fabric: Fabric, { top, waist }: Cut): string =>
  sew(fabric, {
    d: mirrored(
      [0, top + 5],
      [waist * 0.6, top + 4, waist - 3, top - 2],
      [waist + 2, top + 25],
      [waist * 0.6, top + 33, 0, top + 34],
    ),
    puff: 0.5,
  });

export const skirt =
  (s: Skirt): Garment =>
  (fabric, view) => {
    const c = cutOf(s, view);
    const art =
      sew(fabric, { d: outline(c), folds: foldsOf(s, c) }) +
      (s.cut === 'wrap' && !view.back ? wrap(fabric, c) : '') +
      (s.tiers ? tier(c, 0.36) + tier(c, 0.68) : '') +
      (s.cut === 'pencil' && view.back ? seam(path([0, c.top + 30], [0, c.bottom])) : '') +
      (s.buttons && !view.back ? placket(fabric, c) : '') +
      band(fabric, c);
    return drape(fabric.seed, 0.7, art);
  };
