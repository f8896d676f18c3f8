import { button, drape, type Fabric, type Garment, lining, seam, sew, type View } from '../cloth.ts';
import { box, curve, mirrored, path, type Step, shape, tube } from '../geometry.ts';
import { darker } from '../palette.ts';
import { backNeck, neckBand, sleeves, type Torso } from './torso.ts';

export interface Dress {
  readonly neck: 'round' | 'v' | 'square' | 'straps';
  readonly sleeve: 'none' | 'short' | 'long';
  readonly skirt: 'straight' | 'a-line' | 'full';
  readonly length: 'mini' | 'knee' | 'midi';
  readonly waist: 'seam' | 'belt' | 'none';
  readonly tiers?: boolean;
  readonly buttons?: boolean;
}

const neckSteps = (s: Dress, t: Torso, back: boolean): Step[] => {
  const drop = back ? Math.min(t.neckDrop, s.neck === 'straps' ? t.neckDrop : 14) : t.neckDrop;
  if (s.neck === 'straps')
    return [
      [0, t.top + drop],
      [t.neck * 0.5, t.top + drop - 12, t.neck + 12, t.top + drop - 26],
    ];
  if (s.neck === 'square')
    return [
      [0, t.top + drop],
      [t.neck - 4, t.top + drop - 2],
      [t.neck, t.top],
    ];
  return t.neckline === 'v'
    ? [
        [0, t.top + drop],
        [t.neck * 0.55, t.top + drop * 0.5, t.neck, t.top],
      ]
    : [
        [0, t.top + drop],
        [t.neck * 0.64, t.top + drop, t.neck * 0.95, t.top + drop * 0.4, t.neck, t.top],
      ];
};

function outline(s: Dress, t: Torso, waistY: number, back: boolean): Step[] {
  const bottom = t.top + t.length;
  const arm = t.top + t.armhole;
  const hip: Step =
    s.skirt === 'full'
      ? [t.waist + 26, waistY + 10, t.hem - 14, bottom - 120, t.hem, bottom - 12]
      : [
          t.waist + (s.skirt === 'straight' ? 22 : 12),
          waistY + 50,
          t.hem - (s.skirt === 'straight' ? 0 : 12),
          bottom - 120,
          t.hem,
          bottom - 10,
        ];
  const shoulder: Step[] =
    s.neck === 'straps'
      ? [[t.chest - 14, t.top + t.neckDrop - 10, t.chest, arm]]
      : [
          [t.shoulder, t.top + t.slope],
          [
            t.shoulder - (s.sleeve === 'none' ? 16 : 8),
            t.top + t.slope + 34,
            t.shoulder - 10,
            arm - 14,
            t.chest,
            arm,
          ],
        ];
  return [
    ...neckSteps(s, t, back),
    ...shoulder,
    [t.chest, arm + 34, t.waist, waistY - 36, t.waist, waistY],
    hip,
    [t.hem * 0.5, bottom + 12, 0, bottom + 6],
  ];
}

function strapsOf(fabric: Fabric, t: Torso): string {
  return ([1, -1] as const)
    .map((k) =>
      sew(fabric, {
        d: tube(
          [k * (t.neck + 8), t.top + t.neckDrop - 20, 6],
          [k * (t.neck - 2), t.top + 6, 5],
          [k * (t.neck - 12), t.top - 22, 5],
        ),
        puff: 0.4,
      }),
    )
    .join('');
}

function waistline(s: Dress, fabric: Fabric, t: Torso, y: number, view: View): string {
  if (s.waist === 'none') return '';
  const gathers = [-0.8, -0.56, -0.3, -0.05, 0.2, 0.46, 0.74].map((k, i) =>
    path([k * t.waist, y + 3], [k * t.waist * 1.08, y + 26 + (i % 3) * 9]),
  );
  const line = seam(curve([-t.waist, y], [0, y + 5], [t.waist, y]), ...gathers);
  if (s.waist === 'seam') return line;
  const belt = sew(fabric, {
    d: mirrored([0, y - 8], [t.waist + 2, y - 12], [t.waist + 3, y + 10], [0, y + 15]),
    dye: darker(fabric.accent.hex, 0.1),
    puff: 0.5,
  });
  return (
    line +
    belt +
    (view.back
      ? ''
      : `<path d="${box(-15, y - 12, 30, 30, 5)}" fill="none" stroke="#cdb98a" stroke-width="4.5"/>`)
  );
}

function torsoOf(s: Dress, view: View): Torso {
  const length = { mini: 400, knee: 470, midi: 530 }[s.length];
  const scale = s.length === 'mini' ? 1.12 : 1;
  const waist = s.waist === 'none' ? (s.skirt === 'straight' ? 88 : 96) : 72;
  return {
    top: -length / 2 + (s.neck === 'straps' ? 14 : 4),
    length,
    neck: (s.neck === 'square' ? 56 : 44) * scale,
    neckDrop: { round: 36, v: 88, square: 56, straps: 44 }[s.neck],
    neckline: s.neck === 'v' ? 'v' : 'round',
    shoulder: (s.sleeve === 'none' ? 78 : 90) * scale,
    slope: 20,
    chest: 90 * scale,
    armhole: 98 * scale,
    waist: waist * scale,
    hem: ({ straight: 98, 'a-line': 140, full: 196 }[s.skirt] + view.pose * 10) * scale,
    hemDip: 6,
  };
}

const RAYS: Record<Dress['skirt'], number[]> = {
  straight: [-0.5, 0.52],
  'a-line': [-0.66, -0.2, 0.34, 0.7],
  full: [-0.8, -0.52, -0.24, 0.06, 0.36, 0.66],
};

function foldsOf(s: Dress, t: Torso, waistY: number, swing: number): string[] {
  const bottom = t.top + t.length;
  const arm = t.top + t.armhole;
  const rays = RAYS[s.skirt].map((k, i) =>
    curve(
      [k * t.waist * 0.9, waistY + 14 + (i % 3) * 22],
      [k * (t.waist + t.hem) * 0.5 + swing * 0.4, (waistY + bottom) / 2],
      [k * t.hem + swing, bottom + 6],
    ),
  );
  return [
    ...rays,
    curve([t.chest - 2, arm + 4], [t.chest * 0.6, arm + 22], [t.chest * 0.3, arm + 24]),
    curve([-t.waist, waistY - 12], [-t.waist * 0.5, waistY - 22], [-t.waist * 0.1, waistY - 20]),
  ];
}

function tiersOf(t: Torso, waistY: number): string {
  const tier = (v: number): string => {
    const y = waistY + (t.top + t.length - waistY) * v;
    const w = t.waist + (t.hem - t.waist) * Math.min(1, v + 0.2);
    const gathers = [-0.8, -0.5, -0.2, 0.12, 0.44, 0.76].map((k) =>
      path([k * w, y + 7], [k * w * 1.03, y + 27]),
    );
    return seam(curve([-w, y - 4], [0, y + 8], [w, y - 4]), ...gathers);
  };
  return tier(0.34) + tier(0.67);
}

function placketOf(fabric: Fabric, t: Torso): string {
  const from = t.top + t.neckDrop;
  const bottom = t.top + t.length;
  const buttons = Array.from({ length: 7 }, (_, i) =>
    button(0, from + 18 + (i * (t.length - t.neckDrop - 50)) / 6.4, 5.6, darker(fabric.accent.hex, 0.1)),
  );
  return seam(path([-11, from], [-11, bottom]), path([11, from], [11, bottom])) + buttons.join('');
}

function insideOf(s: Dress, fabric: Fabric, t: Torso, view: View): string {
  if (view.back || s.neck === 'straps') return '';
  if (s.neck !== 'square') return backNeck(fabric, t);
  const low = t.top + t.neckDrop + 4;
  return lining(
    fabric,
    shape([-t.neck, t.top + 2], [0, t.top + 14, t.neck, t.top + 2], [t.neck - 4, low], [-t.neck + 4, low]),
  );
}

export const dress =
  (s: Dress): Garment =>
  (fabric, view) => {
    const t = torsoOf(s, view);
    const waistY = t.top + t.armhole + 76 * (s.length === 'mini' ? 1.12 : 1);
    const arm =
      s.sleeve === 'long'
        ? { length: 300, cuff: 25, angle: 13 + view.pose * 20, bend: 4 + view.pose * 40, band: 20 }
        : { length: 96, cuff: 40, angle: 44 - view.pose * 12, bend: 0, band: 0 };
    const bandless = s.neck === 'straps' || s.neck === 'square';
    const body = {
      d: mirrored(...outline(s, t, waistY, view.back)),
      folds: foldsOf(s, t, waistY, view.pose * 18),
    };
    const art =
      insideOf(s, fabric, t, view) +
      (s.neck === 'straps' ? strapsOf(fabric, t) : s.sleeve === 'none' ? '' : sleeves(fabric, t, arm)) +
      sew(fabric, body) +
      (s.tiers ? tiersOf(t, waistY) : '') +
      (s.buttons && !view.back ? placketOf(fabric, t) : '') +
      waistline(s, fabric, t, waistY, view) +
      (bandless ? '' : neckBand(fabric, t, view, 8));
    return drape(fabric.seed, 0.75, art);
  };
