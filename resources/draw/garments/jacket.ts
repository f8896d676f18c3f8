import { button, drape, type Fabric, type Garment, seam, sew, type View, zip } from '../cloth.ts';
import { between, box, ellipse, mirrored, type Point, path, shape } from '../geometry.ts';
import { darker } from '../palette.ts';
import { arm, backCollar, lapels } from './collar.ts';
import { across, bodyFolds, bodyPath, frontPath, neckBand, sleeves, type Torso } from './torso.ts';

export interface Blazer {
  readonly breasted: 1 | 2;
  readonly lapel: 'notch' | 'peak';
  readonly pockets: 'flap' | 'patch';
}

const TAILORED: Torso = {
  top: -196,
  length: 392,
  neck: 42,
  neckDrop: 40,
  neckline: 'v',
  shoulder: 106,
  slope: 27,
  chest: 112,
  armhole: 116,
  waist: 100,
  hem: 116,
  hemDip: 6,
};

function hipPocket(s: Blazer, fabric: Fabric, t: Torso, side: 1 | -1): string {
  const y = t.top + 254;
  const flap = shape([side * 34, y + 8], [side * 96, y], [side * 97, y + 26], [side * 35, y + 34]);
  return sew(fabric, { d: s.pockets === 'flap' ? flap : box(side * 64 - 34, y - 2, 68, 82, 8), puff: 0.4 });
}

/** The shirt between the lapels. */
function shirtFront(t: Torso, to: number): string {
  const left: Point[] = [
    [-30, t.top],
    [-4, to],
  ];
  const d = between(
    left,
    left.map(([x, y]): Point => [-x, y]),
  );
  return `<path d="${d}" fill="#f2efe8"/>${seam(path([0, t.top + 24], [0, to - 14]))}`;
}

function blazerFront(s: Blazer, fabric: Fabric, t: Torso, folds: string[]): string {
  const double = s.breasted === 2;
  const first = t.top + (double ? 176 : 206);
  const breast = shape([44, t.top + 128], [86, t.top + 118], [87, t.top + 128], [45, t.top + 139]);
  const horn = darker(fabric.accent.hex, 0.1);
  const buttons = [first + 10, first + (double ? 58 : 64)].flatMap((y) =>
    (double ? [-30, 30] : [4]).map((x) => button(x, y, 7.6, horn)),
  );
  return (
    shirtFront(t, first) +
    sew(fabric, { d: frontPath(t, 1, 8), folds }) +
    sew(fabric, { d: frontPath(t, -1, 6), folds }) +
    hipPocket(s, fabric, t, -1) +
    hipPocket(s, fabric, t, 1) +
    sew(fabric, { d: breast, puff: 0.3 }) +
    lapels(fabric, t, first, s.lapel === 'peak') +
    buttons.join('')
  );
}

export const blazer =
  (s: Blazer): Garment =>
  (fabric, view) => {
    const t = TAILORED;
    const folds = bodyFolds(t, fabric.seed).slice(0, 3);
    const back = () =>
      sew(fabric, { d: bodyPath(t, true), folds }) +
      seam(path([0, t.top + 30], [0, t.top + t.length])) +
      backCollar(fabric, t);
    const arms = sleeves(fabric, t, arm(330, view, { cuff: 27 }));
    return drape(fabric.seed, 0.4, arms + (view.back ? back() : blazerFront(s, fabric, t, folds)));
  };

export interface Jacket {
  readonly style: 'denim' | 'bomber' | 'biker';
}

const SHORT: Torso = {
  top: -172,
  length: 322,
  neck: 44,
  neckDrop: 30,
  neckline: 'round',
  shoulder: 110,
  slope: 26,
  chest: 120,
  armhole: 116,
  waist: 116,
  hem: 112,
  hemDip: 2,
};
const METAL = '#c9c3b4';

function denimFront(fabric: Fabric, t: Torso): string {
  const bottom = t.top + t.length;
  const y = t.top + 104;
  const flap = (x: number) =>
    sew(fabric, {
      d: shape([x - 32, y], [x + 32, y], [x + 32, y + 20], [x, y + 34], [x - 32, y + 20]),
      puff: 0.4,
    }) + button(x, y + 22, 4.6, METAL);
  const vents = (x: number) =>
    seam(path([x * 0.9, y + 34], [x * 0.7, bottom - 24]), path([x * 1.12, y + 34], [x * 1.05, bottom - 24]));
  return (
    flap(-58) +
    flap(58) +
    vents(-58) +
    vents(58) +
    sew(fabric, { d: box(-13, t.top + 26, 26, t.length - 26, 2), puff: 0.3 }) +
    [46, 98, 150, 202, 254, 304].map((at) => button(0, t.top + at, 5.4, METAL)).join('')
  );
}

const bomberFront = (_: Fabric, t: Torso): string =>
  seam(path([-84, t.top + 190], [-58, t.top + 252])) +
  seam(path([84, t.top + 190], [58, t.top + 252])) +
  zip(path([0, t.top + 30], [0, t.top + t.length + 12]), 0, t.top + 44, METAL);

const bikerFront = (_: Fabric, t: Torso): string =>
  zip(path([-30, t.top + 66], [22, t.top + t.length + 10]), -28, t.top + 84, METAL) +
  zip(path([48, t.top + 168], [92, t.top + 146]), 50, t.top + 168, METAL) +
  zip(path([-94, t.top + 206], [-54, t.top + 228]), -92, t.top + 206, METAL);

const FRONTS = { denim: denimFront, bomber: bomberFront, biker: bikerFront };

function jacketCollar(s: Jacket, fabric: Fabric, t: Torso, view: View): string {
  if (s.style === 'bomber') return neckBand(fabric, { ...t, neckDrop: 24 }, view, 26, fabric.accent.hex);
  if (view.back) return backCollar(fabric, t);
  const biker = s.style === 'biker';
  const stud = biker ? `<path d="${ellipse(-84, t.top + t.length - 4, 6, 6)}" fill="${METAL}"/>` : '';
  return lapels(fabric, t, t.top + (biker ? 100 : 58), biker) + stud;
}

export const jacket =
  (s: Jacket): Garment =>
  (fabric, view) => {
    const t = SHORT;
    const bottom = t.top + t.length;
    const rib = s.style === 'bomber' ? ({ weave: 'rib', dye: fabric.accent.hex } as const) : undefined;
    const cuffs = rib ? { bandWeave: rib.weave, bandDye: rib.dye } : {};
    const hem = mirrored([0, bottom - 22], [t.hem, bottom - 24], [t.hem - 2, bottom + 12], [0, bottom + 14]);
    const art =
      sleeves(fabric, t, arm(318, view, { cuff: 29, band: 26, puff: 1.2, ...cuffs })) +
      sew(fabric, { d: bodyPath(t, view.back), folds: bodyFolds(t, fabric.seed), puff: 1.1 }) +
      (s.style === 'denim' ? seam(across(t.shoulder - 8, t.top + 92, 4)) : '') +
      sew(fabric, { d: hem, puff: 0.6, ...rib }) +
      (view.back ? '' : FRONTS[s.style](fabric, t)) +
      jacketCollar(s, fabric, t, view);
    return drape(fabric.seed, 0.6, art);
  };
