import { button, drape, type Garment, seam, sew, zip } from '../cloth.ts';
import { between, box, ellipse, mirrored, path, shape } from '../geometry.ts';
import { darker } from '../palette.ts';
import { arm, backCollar, lapels } from './collar.ts';
import { across, bodyFolds, bodyPath, frontPath, neckBand, sleeves, type Torso } from './torso.ts';

export interface Blazer {
  readonly breasted: 1 | 2;
  readonly lapel: 'notch' | 'peak';
  readonly pockets: 'flap' | 'patch';
}

export const blazer =
  (s: Blazer): Garment =>
  (fabric, view) => {
    const t: Torso = {
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
    const first = t.top + (s.breasted === 2 ? 176 : 206);
    const folds = bodyFolds(t, fabric.seed).slice(0, 3);
    const pocket = (side: 1 | -1) =>
      sew(
        fabric,
        s.pockets === 'flap'
          ? {
              d: shape(
                [side * 34, t.top + 262],
                [side * 96, t.top + 254],
                [side * 97, t.top + 280],
                [side * 35, t.top + 288],
              ),
              puff: 0.4,
            }
          : { d: box(side * 64 - 34, t.top + 252, 68, 82, 8), puff: 0.4 },
      );
    const horn = darker(fabric.accent.hex, 0.1);
    const xs = s.breasted === 2 ? [-30, 30] : [4];
    const ys = s.breasted === 2 ? [first + 10, first + 58] : [first + 10, first + 64];
    const shirtFront = `<path d="${between(
      [
        [-30, t.top],
        [-4, first],
      ],
      [
        [30, t.top],
        [4, first],
      ],
    )}" fill="#f2efe8"/>${seam(path([0, t.top + 24], [0, first - 14]))}`;
    const art =
      sleeves(fabric, t, arm(330, view, { cuff: 27 })) +
      (view.back
        ? sew(fabric, { d: bodyPath(t, true), folds }) +
          seam(path([0, t.top + 30], [0, t.top + t.length])) +
          backCollar(fabric, t)
        : shirtFront +
          sew(fabric, { d: frontPath(t, 1, 8), folds }) +
          sew(fabric, { d: frontPath(t, -1, 6), folds }) +
          pocket(-1) +
          pocket(1) +
          sew(fabric, {
            d: shape([44, t.top + 128], [86, t.top + 118], [87, t.top + 128], [45, t.top + 139]),
            puff: 0.3,
          }) +
          lapels(fabric, t, first, s.lapel === 'peak') +
          ys.flatMap((y) => xs.map((x) => button(x, y, 7.6, horn))).join(''));
    return drape(fabric.seed, 0.4, art);
  };

export interface Jacket {
  readonly style: 'denim' | 'bomber' | 'biker';
}

export const jacket =
  (s: Jacket): Garment =>
  (fabric, view) => {
    const t: Torso = {
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
    const bottom = t.top + t.length;
    const rib = s.style === 'bomber';
    const metal = '#c9c3b4';
    const band = sew(fabric, {
      d: mirrored([0, bottom - 22], [t.hem, bottom - 24], [t.hem - 2, bottom + 12], [0, bottom + 14]),
      puff: 0.6,
      ...(rib ? { weave: 'rib' as const, dye: fabric.accent.hex } : {}),
    });
    const flap = (x: number) =>
      sew(fabric, {
        d: shape(
          [x - 32, t.top + 104],
          [x + 32, t.top + 104],
          [x + 32, t.top + 124],
          [x, t.top + 138],
          [x - 32, t.top + 124],
        ),
        puff: 0.4,
      }) + button(x, t.top + 126, 4.6, metal);
    const vents = (x: number) =>
      seam(
        path([x * 0.9, t.top + 138], [x * 0.7, bottom - 24]),
        path([x * 1.12, t.top + 138], [x * 1.05, bottom - 24]),
      );
    const fronts = {
      denim: () =>
        flap(-58) +
        flap(58) +
        vents(-58) +
        vents(58) +
        sew(fabric, { d: box(-13, t.top + 26, 26, t.length - 26, 2), puff: 0.3 }) +
        [46, 98, 150, 202, 254, 304].map((y) => button(0, t.top + y, 5.4, metal)).join(''),
      bomber: () =>
        seam(path([-84, t.top + 190], [-58, t.top + 252])) +
        seam(path([84, t.top + 190], [58, t.top + 252])) +
        zip(path([0, t.top + 30], [0, bottom + 12]), 0, t.top + 44, metal),
      biker: () =>
        zip(path([-30, t.top + 66], [22, bottom + 10]), -28, t.top + 84, metal) +
        zip(path([48, t.top + 168], [92, t.top + 146]), 50, t.top + 168, metal) +
        zip(path([-94, t.top + 206], [-54, t.top + 228]), -92, t.top + 206, metal),
    };
    const folds = bodyFolds(t, fabric.seed);
    const collar = rib
      ? neckBand(fabric, { ...t, neckDrop: 24 }, view, 26, fabric.accent.hex)
      : s.style === 'biker' && !view.back
        ? lapels(fabric, t, t.top + 100, true)
        : view.back
          ? backCollar(fabric, t)
          : lapels(fabric, t, t.top + 58, false);
    const art =
      sleeves(
        fabric,
        t,
        arm(318, view, {
          cuff: 29,
          band: 26,
          puff: 1.2,
          ...(rib ? { bandWeave: 'rib' as const, bandDye: fabric.accent.hex } : {}),
        }),
      ) +
      sew(fabric, { d: bodyPath(t, view.back), folds, puff: 1.1 }) +
      (s.style === 'denim' ? seam(across(t.shoulder - 8, t.top + 92, 4)) : '') +
      band +
      (view.back ? '' : fronts[s.style]()) +
      collar +
      (s.style === 'biker' && !view.back
        ? `<path d="${ellipse(-84, bottom - 4, 6, 6)}" fill="${metal}"/>`
        : '');
    return drape(fabric.seed, 0.6, art);
  };
