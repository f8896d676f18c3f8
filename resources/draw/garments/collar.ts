/** Shared by coats and jackets: sleeves, lapels, collars and hoods. */
import { type Fabric, lining, seam, sew, type View } from '../cloth.ts';
import { curve, mirrored, shape } from '../geometry.ts';
import { darker } from '../palette.ts';
import type { Sleeve, Torso } from './torso.ts';

export const arm = (length: number, view: View, extra: Partial<Sleeve> = {}): Sleeve => ({
  length,
  cuff: 30,
  angle: 11 + view.pose * 20,
  bend: 3 + view.pose * 44,
  band: 0,
  ...extra,
});

/** Collar and lapels down to the first button at `y`. */
export function lapels(fabric: Fabric, t: Torso, y: number, peak: boolean): string {
  const top = t.top;
  const notch = top + (y - top) * 0.42;
  const reach = peak ? 84 : 70;
  const half = (s: 1 | -1): string => {
    const lapel = shape(
      [s * 4, y + 8],
      [s * (reach - 16), notch + 46, s * reach, notch + (peak ? -16 : 6)],
      [s * (t.neck + 4), notch - 6],
      [s * (t.neck - 8), top + 6],
      [s * 8, y - 60, s * 4, y + 8],
    );
    const collar = shape(
      [s * (t.neck - 12), top - 16],
      [s * (t.neck + 12), top - 4, s * (t.neck + 20), top + 22],
      [s * (t.neck + 24), notch - (peak ? 16 : 4)],
      [s * (t.neck + 2), notch - 4],
      [s * (t.neck - 14), top + 16, s * (t.neck - 12), top - 16],
    );
    return (
      sew(fabric, { d: lapel, grain: s * -24, puff: 0.7 }) +
      sew(fabric, { d: collar, grain: s * 30, puff: 0.7 })
    );
  };
  const back = sew(fabric, {
    d: mirrored(
      [0, top - 14],
      [t.neck * 0.6, top - 20, t.neck - 6, top - 18],
      [t.neck, top + 14],
      [0, top + 22],
    ),
    puff: 0.4,
    dye: darker(fabric.main.hex, 0.2),
  });
  return back + half(-1) + half(1);
}

export const backCollar = (fabric: Fabric, t: Torso): string =>
  sew(fabric, {
    d: mirrored(
      [0, t.top - 18],
      [t.neck * 0.7, t.top - 18, t.neck + 4, t.top - 6],
      [t.neck + 14, t.top + 28],
      [t.neck * 0.5, t.top + 40, 0, t.top + 38],
    ),
    puff: 0.7,
  });

export function backHood(fabric: Fabric, t: Torso): string {
  const d = mirrored(
    [0, t.top - 56],
    [60, t.top - 58, 84, t.top - 6, 72, t.top + 40],
    [40, t.top + 84, 0, t.top + 88],
  );
  return sew(fabric, { d, puff: 1.6, folds: [curve([0, t.top - 50], [0, t.top + 80])] });
}

export function frontHood(fabric: Fabric, t: Torso): string {
  const y = t.top;
  const outer = mirrored([0, y - 62], [66, y - 66, 88, y - 18, 76, y + 30], [46, y + 62, 0, y + 62]);
  const opening = mirrored([0, y - 38], [44, y - 40, 52, y - 8, 44, y + 18], [24, y + 44, 0, y + 50]);
  return sew(fabric, { d: outer, puff: 1.5 }) + lining(fabric, opening) + seam(opening);
}
