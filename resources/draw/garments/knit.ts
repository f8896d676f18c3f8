import { button, drape, type Garment, seam, sew } from '../cloth.ts';
import { box, curve, mirrored, path } from '../geometry.ts';
import { darker, lighter } from '../palette.ts';
import { arms, FITS, type Fit, torso } from './fit.ts';
import { backNeck, bodyFolds, bodyPath, neckBand, sleeves } from './torso.ts';

export interface Knit {
  readonly fit: Fit;
  readonly neck: 'crew' | 'v' | 'roll';
  /** Buttoned down the front: a cardigan. */
  readonly open?: boolean;
  readonly yoke?: boolean;
}

export const knit =
  (s: Knit): Garment =>
  (fabric, view) => {
    const neck = {
      crew: { neckDrop: 32 },
      v: { neckDrop: 92, neckline: 'v' as const },
      roll: { neckDrop: 16, neck: 42 },
    }[s.neck];
    const t = torso(s.fit, {
      ...neck,
      chest: 126 + FITS[s.fit].wide,
      waist: 122 + FITS[s.fit].wide,
      hem: 112 + FITS[s.fit].wide,
    });
    const bottom = t.top + t.length;
    const rib = darker(fabric.main.hex, 0.07);
    const hem = sew(fabric, {
      d: mirrored([0, bottom - 20], [t.hem, bottom - 22], [t.hem * 0.97, bottom + 16], [0, bottom + 18]),
      weave: 'rib',
      dye: rib,
      puff: 0.7,
    });
    const yoke = s.yoke
      ? [0, 1, 2]
          .map(
            (i) =>
              `<path d="${curve([-t.shoulder * (0.7 + i * 0.14), t.top + 40 + i * 24], [0, t.top + 84 + i * 26], [t.shoulder * (0.7 + i * 0.14), t.top + 40 + i * 24])}" fill="none" stroke="${i === 1 ? lighter(fabric.accent.hex, 0.4) : fabric.accent.hex}" stroke-width="12" stroke-dasharray="${[9, 5, 14][i]} ${[5, 5, 7][i]}"/>`,
          )
          .join('')
      : '';
    const roll = sew(fabric, {
      d: mirrored(
        [0, t.top - 34],
        [t.neck * 0.8, t.top - 35, t.neck - 2, t.top - 32],
        [t.neck + 5, t.top - 8, t.neck + 7, t.top + 12],
        [t.neck * 0.5, t.top + 27, 0, t.top + 27],
      ),
      weave: 'rib',
      dye: rib,
      puff: 1.2,
    });
    const closing = [0, 1, 2, 3, 4]
      .map((i) =>
        button(
          0,
          t.top + t.neckDrop + 16 + (i * (t.length - t.neckDrop - 22)) / 4.2,
          7,
          darker(fabric.accent.hex, 0.2),
        ),
      )
      .join('');
    const placket =
      sew(fabric, {
        d: box(-14, t.top + t.neckDrop - 2, 28, t.length - t.neckDrop + 18, 2),
        weave: 'rib',
        dye: rib,
        puff: 0.5,
      }) + closing;
    const pocket = (x: number) =>
      sew(fabric, { d: box(x - 34, bottom - 112, 68, 72, 5), puff: 0.5 }) +
      seam(path([x - 33, bottom - 98], [x + 33, bottom - 98]));
    const art =
      (view.back || s.neck === 'roll' ? '' : backNeck(fabric, t)) +
      sleeves(fabric, t, arms('long', view, 30, { cuff: 29, bandWeave: 'rib', bandDye: rib, puff: 1.4 })) +
      sew(fabric, { d: bodyPath(t, view.back), folds: bodyFolds(t, fabric.seed), puff: 1.4 }) +
      yoke +
      hem +
      (s.open && !view.back ? pocket(-66) + pocket(66) + placket : '') +
      (s.neck === 'roll' ? roll : neckBand(fabric, t, view, 19, rib));
    return drape(fabric.seed, 0.6, art);
  };
