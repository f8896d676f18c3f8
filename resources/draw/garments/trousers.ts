import { button, drape, type Fabric, type Garment, seam, sew, stitch, thread, type View } from '../cloth.ts';
import { box, curve, mirrored, path, shape } from '../geometry.ts';
import { darker, lighter } from '../palette.ts';

export interface Trousers {
  readonly leg: 'slim' | 'straight' | 'wide' | 'tapered' | 'flared';
  readonly length: 'full' | 'cropped' | 'knee' | 'short';
  readonly waist: 'button' | 'drawstring' | 'pleated';
  readonly pockets: 'slant' | 'jeans' | 'cargo';
  readonly turnUp?: boolean;
}

const LEGS: Record<Trousers['leg'], { thigh: number; knee: number; hem: number }> = {
  slim: { thigh: 98, knee: 35, hem: 29 },
  straight: { thigh: 104, knee: 43, hem: 42 },
  wide: { thigh: 114, knee: 57, hem: 66 },
  tapered: { thigh: 110, knee: 43, hem: 29 },
  flared: { thigh: 98, knee: 37, hem: 58 },
};

interface Cut {
  readonly top: number;
  readonly bottom: number;
  readonly crotch: number;
  readonly waist: number;
  readonly thigh: number;
  readonly knee: number;
  readonly hem: number;
  /** How far from the centre the middle of a leg runs, at the knee and at the hem. */
  readonly mid: number;
  readonly end: number;
  readonly spread: number;
}

function cutOf(s: Trousers, view: View): Cut {
  const brief = s.length === 'short' || s.length === 'knee';
  const tall = { full: 520, cropped: 440, knee: 340, short: 276 }[s.length];
  const scale = brief ? 1.34 : 1;
  const widths = LEGS[s.leg];
  const spread = (10 + view.pose * 46) * { full: 1, cropped: 0.85, knee: 0.5, short: 0.36 }[s.length];
  const thigh = widths.thigh * scale;
  return {
    top: -tall / 2,
    bottom: tall / 2,
    crotch: -tall / 2 + 132 * (brief ? 1.1 : 1),
    waist: 78 * scale,
    thigh,
    knee: brief ? thigh * 0.51 : widths.knee,
    hem: brief ? thigh * (s.leg === 'wide' ? 0.52 : 0.47) : widths.hem,
    mid: thigh * 0.5 + spread * 0.55,
    end: thigh * (brief ? 0.54 : 0.46) + spread,
    spread,
  };
}

function leg(fabric: Fabric, c: Cut, side: 1 | -1): string {
  const kneeY = (c.crotch + c.bottom) / 2;
  const { mid, end } = c;
  const x = (v: number) => v * side;
  const d = shape(
    [x(-2), c.top + 16],
    [x(c.waist), c.top + 14],
    [x(c.waist + 10), c.top + 50, x(c.thigh), c.top + 84, x(c.thigh + c.spread * 0.12), c.crotch],
    [x(c.thigh + c.spread * 0.2), c.crotch + 50, x(mid + c.knee), kneeY - 40, x(mid + c.knee), kneeY],
    [x(mid + c.knee), kneeY + 50, x(end + c.hem), c.bottom - 50, x(end + c.hem), c.bottom],
    [x(end), c.bottom + 5, x(end - c.hem), c.bottom],
    [x(end - c.hem), c.bottom - 50, x(mid - c.knee), kneeY + 50, x(mid - c.knee), kneeY],
    [x(mid - c.knee), kneeY - 50, x(3), c.crotch + 30, x(-2), c.crotch],
  );
  const folds = [
    curve([x(4), c.crotch + 2], [x(c.thigh * 0.4), c.crotch + 12], [x(c.thigh * 0.66), c.crotch + 34]),
    curve([x(6), c.crotch - 14], [x(c.thigh * 0.4), c.crotch - 26], [x(c.thigh * 0.7), c.crotch - 22]),
    curve([x(mid - c.knee), kneeY - 6], [x(mid), kneeY + 6], [x(mid + c.knee * 0.5), kneeY + 2]),
    curve([x(mid + c.knee), kneeY + 28], [x(mid + 4), kneeY + 34], [x(mid - c.knee * 0.3), kneeY + 24]),
    curve([x(end + c.hem), c.bottom - 40], [x(end), c.bottom - 28], [x(end - c.hem * 0.4), c.bottom - 36]),
  ];
  return sew(fabric, { d, folds, grain: -side * c.spread * 0.12 });
}

function turnUp(fabric: Fabric, c: Cut, side: 1 | -1): string {
  const end = c.end * side;
  return sew(fabric, {
    d: shape(
      [end - c.hem - 3, c.bottom - 26],
      [end, c.bottom - 22, end + c.hem + 3, c.bottom - 26],
      [end + c.hem + 2, c.bottom + 3],
      [end, c.bottom + 9, end - c.hem - 2, c.bottom + 3],
    ),
    puff: 0.6,
    dye: lighter(fabric.main.hex, 0.16),
  });
}

function pocketsOf(s: Trousers, fabric: Fabric, c: Cut, view: View): string {
  const sides = [1, -1] as const;
  if (view.back)
    return sides
      .map((k) =>
        sew(fabric, {
          d: shape(
            [k * 20, c.top + 62],
            [k * (c.waist - 6), c.top + 58],
            [k * (c.waist - 6), c.top + 108],
            [k * (c.waist + 14) * 0.5, c.top + 120],
            [k * 22, c.top + 110],
          ),
          puff: 0.3,
        }),
      )
      .join('');
  const thread_ = s.pockets === 'jeans' ? '#d9a25a' : thread(fabric);
  const opening = (k: 1 | -1) =>
    s.pockets === 'jeans'
      ? path([k * c.waist * 0.55, c.top + 28], [k * c.waist * 0.6, c.top + 62, k * (c.waist + 8), c.top + 62])
      : path([k * c.waist * 0.62, c.top + 28], [k * (c.waist + 13), c.top + 82]);
  const cargo = (k: 1 | -1) => {
    const x = k * (c.thigh * 0.74 + c.spread * 0.3);
    const y = c.crotch + (s.length === 'full' ? 60 : 24);
    return (
      sew(fabric, { d: box(x - 32, y, 64, 74, 5), puff: 0.5 }) +
      sew(fabric, { d: box(x - 34, y - 6, 68, 24, 3), puff: 0.5 })
    );
  };
  return sides
    .map((k) => seam(opening(k)) + stitch(thread_, opening(k)) + (s.pockets === 'cargo' ? cargo(k) : ''))
    .join('');
}

function waistOf(s: Trousers, fabric: Fabric, c: Cut, view: View): string {
  const y = c.top;
  const band = sew(fabric, {
    d: mirrored(
      [0, y + 4],
      [c.waist * 0.6, y + 3, c.waist - 2, y - 3],
      [c.waist + 3, y + 25],
      [c.waist * 0.6, y + 31, 0, y + 32],
    ),
    puff: 0.5,
    ...(s.waist === 'drawstring' ? { weave: 'rib' as const, dye: darker(fabric.main.hex, 0.05) } : {}),
  });
  if (view.back) return band;
  if (s.waist === 'drawstring') {
    const cord = (k: 1 | -1) =>
      `<path d="${curve([k * 4, y + 18], [k * 14, y + 52], [k * 10, y + 84 + k * 6])}" fill="none" stroke="${lighter(fabric.main.hex, 0.6)}" stroke-width="4.4" stroke-linecap="round"/>`;
    return band + cord(1) + cord(-1);
  }
  const loops = [-0.62, 0.62]
    .map((k) => sew(fabric, { d: box(k * c.waist - 5, y - 2, 10, 36, 2), puff: 0.3 }))
    .join('');
  const fly = seam(path([14, y + 32], [15, c.crotch - 34], [13, c.crotch - 18, 0, c.crotch - 8]));
  const pleats =
    s.waist === 'pleated'
      ? seam(
          ...[-0.44, -0.3, 0.3, 0.44].map((k) => path([k * c.waist, y + 32], [k * c.waist * 1.1, y + 108])),
        )
      : '';
  return (
    band +
    loops +
    fly +
    pleats +
    button(0, y + 18, 5.6, s.pockets === 'jeans' ? '#bfae8a' : darker(fabric.main.hex, 0.3))
  );
}

export const trousers =
  (s: Trousers): Garment =>
  (fabric, view) => {
    const c = cutOf(s, view);
    const crease =
      s.waist === 'pleated'
        ? ([1, -1] as const)
            .map((k) =>
              seam(
                curve(
                  [k * c.thigh * 0.5, c.top + 110],
                  [k * c.mid, (c.crotch + c.bottom) / 2],
                  [k * c.end, c.bottom - 4],
                ),
              ),
            )
            .join('')
        : '';
    const art =
      leg(fabric, c, -1) +
      leg(fabric, c, 1) +
      seam(path([0, c.top + 30], [0, c.crotch])) +
      crease +
      (s.turnUp ? turnUp(fabric, c, -1) + turnUp(fabric, c, 1) : '') +
      pocketsOf(s, fabric, c, view) +
      waistOf(s, fabric, c, view);
    return drape(fabric.seed, 0.7, art);
  };
