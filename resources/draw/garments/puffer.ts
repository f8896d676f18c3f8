import { drape, type Fabric, type Garment, seam, sew, type View, zip } from '../cloth.ts';
import { ellipse, mirrored, type Point, path, shape } from '../geometry.ts';
import { backHood, frontHood } from './collar.ts';
import type { Torso } from './torso.ts';

export interface Puffer {
  readonly length: 'cropped' | 'hip' | 'long';
  readonly baffle: 'wide' | 'narrow' | 'chevron';
  readonly hood: boolean;
  readonly gilet?: boolean;
}

/** A strip of down between two rows of stitching, from the left side to the right. */
function baffle(t: Torso, y: number, height: number, dip: number): string {
  const half = (at: number) =>
    at < t.armhole
      ? t.shoulder + (t.chest - t.shoulder) * (at / t.armhole)
      : t.chest + (t.hem - t.chest) * ((at - t.armhole) / (t.length - t.armhole));
  const a = half(y - t.top);
  const b = half(y + height - t.top);
  return shape(
    [-a, y],
    [0, y + dip * 2, a, y],
    [a + 9, y + height / 2, b, y + height],
    [0, y + height + dip * 2, -b, y + height],
    [-a - 9, y + height / 2, -a, y],
  );
}

function downSleeve(fabric: Fabric, t: Torso, side: 1 | -1, view: View, step: number): string {
  const from: Point = [side * (t.shoulder - 16), t.top + t.slope + 44];
  const angle = ((10 + view.pose * 16) * Math.PI) / 180;
  const count = Math.round(270 / step);
  const strips: string[] = [];
  for (let i = count - 1; i >= 0; i--) {
    const along = i * step;
    const w = 44 - (along / 270) * 10;
    const cx = from[0] + side * Math.sin(angle) * along + side * 10;
    const cy = from[1] + Math.cos(angle) * along;
    const nx = Math.cos(angle) * w;
    const ny = -side * Math.sin(angle) * w;
    const ex = side * Math.sin(angle) * (step + 5);
    const ey = Math.cos(angle) * (step + 5);
    const d = shape(
      [cx - nx, cy - ny],
      [cx, cy - 9, cx + nx, cy + ny],
      [cx + nx * 1.16 + ex / 2, cy + ny * 1.16 + ey / 2, cx + nx + ex, cy + ny + ey],
      [cx + ex, cy + ey + 8, cx - nx + ex, cy - ny + ey],
      [cx - nx * 1.16 + ex / 2, cy - ny * 1.16 + ey / 2, cx - nx, cy - ny],
    );
    strips.push(sew(fabric, { d, puff: 2.2 }));
  }
  return strips.join('') + sew(fabric, { d: ellipse(from[0] + side * 4, from[1] - 4, 45, 42), puff: 2.2 });
}

function torsoOf(s: Puffer): Torso {
  const length = { cropped: 320, hip: 390, long: 490 }[s.length];
  return {
    top: -length / 2 + 26,
    length,
    neck: 46,
    neckDrop: 20,
    neckline: 'round',
    shoulder: 108,
    slope: 26,
    chest: 122,
    armhole: 112,
    waist: 122,
    hem: 118,
    hemDip: 2,
  };
}

function yoke(fabric: Fabric, t: Torso, dip: number): string {
  const d = mirrored(
    [0, t.top + 8],
    [t.neck, t.top],
    [t.shoulder - 4, t.top + t.slope],
    [t.shoulder + 4, t.top + 70],
    [0, t.top + 72 + dip],
  );
  return sew(fabric, {
    d,
    puff: 2,
    dye: fabric.pattern === 'colour block' ? fabric.accent.hex : fabric.main.hex,
  });
}

function standCollar(fabric: Fabric, t: Torso): string {
  const d = mirrored(
    [0, t.top - 34],
    [t.neck * 0.8, t.top - 38, t.neck + 4, t.top - 30],
    [t.neck + 12, t.top + 8, t.neck + 10, t.top + 18],
    [t.neck * 0.5, t.top + 30, 0, t.top + 30],
  );
  return sew(fabric, { d, puff: 2 });
}

export const puffer =
  (s: Puffer): Garment =>
  (fabric, view) => {
    const t = torsoOf(s);
    const step = { wide: 58, narrow: 30, chevron: 44 }[s.baffle];
    const dip = s.baffle === 'chevron' ? 20 : 3;
    const bottom = t.top + t.length;
    const strips: string[] = [];
    for (let y = bottom - step; y > t.top + 66 - step; y -= step)
      strips.push(sew(fabric, { d: baffle(t, Math.max(y, t.top + 50), step + 4, dip), puff: 2.2 }));
    const pocket = (side: 1 | -1) => seam(path([side * 78, bottom - 92], [side * 66, bottom - 34]));
    const zipFrom = t.top + (s.hood ? 56 : -28);
    const closed = zip(path([0, zipFrom], [0, bottom + 2]), 0, zipFrom + 14, '#b9b6ae');
    const hood = view.back ? backHood : frontHood;
    const art =
      (s.gilet ? '' : downSleeve(fabric, t, -1, view, step) + downSleeve(fabric, t, 1, view, step)) +
      strips.join('') +
      yoke(fabric, t, dip) +
      (view.back ? '' : pocket(-1) + pocket(1)) +
      (s.hood ? hood : standCollar)(fabric, t) +
      (view.back ? '' : closed);
    return drape(fabric.seed, 0.3, art);
  };
