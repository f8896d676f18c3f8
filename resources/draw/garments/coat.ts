import { button, drape, type Fabric, type Garment, seam, sew, type View } from '../cloth.ts';
import { box, mirrored, path, shape } from '../geometry.ts';
import { darker, lighter } from '../palette.ts';
import { arm, backCollar, backHood, frontHood, lapels } from './collar.ts';
import { bodyFolds, bodyPath, frontPath, neckBand, sleeves, type Torso } from './torso.ts';

export interface Coat {
  readonly cut: 'straight' | 'belted' | 'duffle' | 'car' | 'peacoat';
  readonly collar: 'notch' | 'peak' | 'stand' | 'hood';
  readonly breasted: 1 | 2;
}

const CUTS: Record<Coat['cut'], { length: number; flare: number; waist: number }> = {
  straight: { length: 500, flare: 8, waist: 0 },
  belted: { length: 510, flare: 26, waist: -14 },
  duffle: { length: 450, flare: 14, waist: 4 },
  car: { length: 410, flare: 6, waist: 4 },
  peacoat: { length: 370, flare: 4, waist: -4 },
};

function fastening(s: Coat, fabric: Fabric, t: Torso, from: number, to: number): string {
  const horn = darker(fabric.accent.hex, 0.15);
  if (s.cut === 'duffle')
    return [0, 1, 2, 3]
      .map((i) => from + (i * (to - from)) / 3)
      .map(
        (y) =>
          `<path d="${path([-52, y], [52, y])}" stroke="${horn}" stroke-width="4"/><rect x="-56" y="${y - 12}" width="22" height="24" rx="3" fill="${horn}"/><rect x="34" y="${y - 12}" width="22" height="24" rx="3" fill="${horn}"/><rect x="-22" y="${y - 5}" width="44" height="10" rx="5" fill="${lighter(fabric.accent.hex, 0.45)}" stroke="#000" stroke-opacity=".35"/>`,
      )
      .join('');
  const rows = s.breasted === 2 ? 3 : 4;
  const xs = s.breasted === 2 ? [-34, 34] : [0];
  const ys = Array.from({ length: rows }, (_, i) => from + (i * (to - from)) / (rows - 1));
  return (
    ys.flatMap((y) => xs.map((x) => button(x + (s.breasted === 1 ? 7 : 0), y, 8.6, horn))).join('') +
    seam(path([s.breasted === 2 ? 52 : -2, from - 20], [s.breasted === 2 ? 54 : -2, t.top + t.length]))
  );
}

function torsoOf(s: Coat): Torso {
  const { length, waist, flare } = CUTS[s.cut];
  return {
    top: -length / 2 + 14,
    length,
    neck: 44,
    neckDrop: 40,
    neckline: 'v',
    shoulder: 104,
    slope: 28,
    chest: 114,
    armhole: 122,
    waist: 112 + waist,
    hem: 116 + flare,
    hemDip: 3,
  };
}

function pocket(s: Coat, fabric: Fabric, t: Torso, side: 1 | -1): string {
  const y = t.top + (s.cut === 'peacoat' ? 236 : 276);
  if (s.cut === 'duffle' || s.cut === 'car')
    return (
      sew(fabric, { d: box(side * 64 - 34, y - 6, 68, 80, 6), puff: 0.5 }) +
      sew(fabric, { d: box(side * 64 - 37, y - 12, 74, 24, 4), puff: 0.5 })
    );
  const welt = shape([side * 46, y + 12], [side * 92, y - 4], [side * 94, y + 12], [side * 48, y + 29]);
  return sew(fabric, { d: welt, puff: 0.4, grain: side * -16 });
}

function belt(fabric: Fabric, t: Torso, view: View): string {
  const y = t.top + 236;
  const around = mirrored([0, y], [t.waist + 4, y - 4], [t.waist + 5, y + 22], [0, y + 26]);
  const end = shape([10, y - 2], [34, y - 2], [44, y + 96], [22, y + 98]);
  const knot = sew(fabric, { d: end, puff: 0.6 }) + sew(fabric, { d: box(-12, y - 5, 40, 36, 5), puff: 0.7 });
  return sew(fabric, { d: around, puff: 0.6 }) + (view.back ? '' : knot);
}

function frontOf(s: Coat, fabric: Fabric, t: Torso, view: View): string {
  const folds = bodyFolds(t, fabric.seed);
  const first = t.top + (s.collar === 'stand' || s.collar === 'hood' ? 78 : 150);
  const last = t.top + (s.cut === 'belted' ? 210 : s.cut === 'peacoat' ? 300 : 330);
  const collar = {
    notch: () => lapels(fabric, t, first - 12, false),
    peak: () => lapels(fabric, t, first - 12, true),
    stand: () => neckBand(fabric, { ...t, neckline: 'round', neckDrop: 22 }, view, 34),
    hood: () => frontHood(fabric, t),
  };
  return (
    sew(fabric, { d: frontPath(t, 1, 0), folds }) +
    sew(fabric, { d: frontPath(t, -1, -16), folds }) +
    pocket(s, fabric, t, -1) +
    pocket(s, fabric, t, 1) +
    fastening(s, fabric, t, first, last) +
    (s.cut === 'belted' ? belt(fabric, t, view) : '') +
    collar[s.collar]()
  );
}

const backOf = (s: Coat, fabric: Fabric, t: Torso, view: View): string =>
  sew(fabric, { d: bodyPath(t, true), folds: bodyFolds(t, fabric.seed) }) +
  seam(path([0, t.top + 20], [0, t.top + t.length - 4])) +
  (s.cut === 'belted' ? belt(fabric, t, view) : '') +
  (s.collar === 'hood' ? backHood(fabric, t) : backCollar(fabric, t));

export const coat =
  (s: Coat): Garment =>
  (fabric, view) => {
    const t = torsoOf(s);
    const arms = sleeves(fabric, t, arm(s.cut === 'peacoat' ? 322 : 348, view));
    return drape(fabric.seed, 0.5, arms + (view.back ? backOf : frontOf)(s, fabric, t, view));
  };
