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

export const dress =
  (s: Dress): Garment =>
  (fabric, view) => {
    const length = { mini: 400, knee: 470, midi: 530 }[s.length];
    const scale = s.length === 'mini' ? 1.12 : 1;
    const waist = (s.waist === 'none' ? (s.skirt === 'straight' ? 88 : 96) : 72) * scale;
    const t: Torso = {
      top: -length / 2 + (s.neck === 'straps' ? 14 : 4),
      length,
      neck: (s.neck === 'square' ? 56 : 44) * scale,
      neckDrop: { round: 36, v: 88, square: 56, straps: 44 }[s.neck],
      neckline: s.neck === 'v' ? 'v' : 'round',
      shoulder: (s.sleeve === 'none' ? 78 : 90) * scale,
      slope: 20,
      chest: 90 * scale,
      armhole: 98 * scale,
      waist,
      hem: ({ straight: 98, 'a-line': 140, full: 196 }[s.skirt] + view.pose * 10) * scale,
      hemDip: 6,
    };
    const bottom = t.top + t.length;
    const waistY = t.top + t.armhole + 76 * scale;
    const swing = view.pose * 18;
    const rays = {
      straight: [-0.5, 0.52],
      'a-line': [-0.66, -0.2, 0.34, 0.7],
      full: [-0.8, -0.52, -0.24, 0.06, 0.36, 0.66],
    }[s.skirt];
    const folds = [
      ...rays.map((k, i) =>
        curve(
          [k * t.waist * 0.9, waistY + 14 + (i % 3) * 22],
          [k * (t.waist + t.hem) * 0.5 + swing * 0.4, (waistY + bottom) / 2],
          [k * t.hem + swing, bottom + 6],
        ),
      ),
      curve(
        [t.chest - 2, t.top + t.armhole + 4],
        [t.chest * 0.6, t.top + t.armhole + 22],
        [t.chest * 0.3, t.top + t.armhole + 24],
      ),
      curve([-t.waist, waistY - 12], [-t.waist * 0.5, waistY - 22], [-t.waist * 0.1, waistY - 20]),
    ];
    const arm =
      s.sleeve === 'long'
        ? { length: 300, cuff: 25, angle: 13 + view.pose * 20, bend: 4 + view.pose * 40, band: 20 }
        : { length: 96, cuff: 40, angle: 44 - view.pose * 12, bend: 0, band: 0 };
    const tiers = s.tiers
      ? [0.34, 0.67]
          .map((v) => {
            const y = waistY + (bottom - waistY) * v;
            const w = t.waist + (t.hem - t.waist) * Math.min(1, v + 0.2);
            return seam(
              curve([-w, y - 4], [0, y + 8], [w, y - 4]),
              ...[-0.8, -0.5, -0.2, 0.12, 0.44, 0.76].map((k) =>
                path([k * w, y + 7], [k * w * 1.03, y + 27]),
              ),
            );
          })
          .join('')
      : '';
    const placket =
      s.buttons && !view.back
        ? seam(path([-11, t.top + t.neckDrop], [-11, bottom]), path([11, t.top + t.neckDrop], [11, bottom])) +
          Array.from({ length: 7 }, (_, i) =>
            button(
              0,
              t.top + t.neckDrop + 18 + (i * (length - t.neckDrop - 50)) / 6.4,
              5.6,
              darker(fabric.accent.hex, 0.1),
            ),
          ).join('')
        : '';
    const bandless = s.neck === 'straps' || s.neck === 'square';
    const inside =
      s.neck === 'square' && !view.back
        ? lining(
            fabric,
            shape(
              [-t.neck, t.top + 2],
              [0, t.top + 14, t.neck, t.top + 2],
              [t.neck - 4, t.top + t.neckDrop + 4],
              [-t.neck + 4, t.top + t.neckDrop + 4],
            ),
          )
        : '';
    const art =
      (bandless || view.back ? inside : backNeck(fabric, t)) +
      (s.neck === 'straps' ? strapsOf(fabric, t) : s.sleeve === 'none' ? '' : sleeves(fabric, t, arm)) +
      sew(fabric, { d: mirrored(...outline(s, t, waistY, view.back)), folds }) +
      tiers +
      placket +
      waistline(s, fabric, t, waistY, view) +
      (bandless ? '' : neckBand(fabric, t, view, 8));
    return drape(fabric.seed, 0.75, art);
  };
