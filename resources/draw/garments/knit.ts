import { button, drape, type Fabric, type Garment, seam, sew } from '../cloth.ts';
import { box, curve, mirrored, path } from '../geometry.ts';
import { darker, lighter } from '../palette.ts';
import { arms, FITS, type Fit, torso } from './fit.ts';
import { backNeck, bodyFolds, bodyPath, neckBand, sleeves, type Torso } from './torso.ts';

export interface Knit {
  readonly fit: Fit;
  readonly neck: 'crew' | 'v' | 'roll';
  /** Buttoned down the front: a cardigan. */
  readonly open?: boolean;
  readonly yoke?: boolean;
}

const hemRib = (fabric: Fabric, t: Torso, rib: string): string => {
  const y = t.top + t.length;
  return sew(fabric, {
    d: mirrored([0, y - 20], [t.hem, y - 22], [t.hem * 0.97, y + 16], [0, y + 18]),
    weave: 'rib',
    dye: rib,
    puff: 0.7,
  });
};

/** Bands of knitted figures around the shoulders. */
function figures(fabric: Fabric, t: Torso): string {
  const band = (i: number, dash: string, colour: string): string => {
    const half = t.shoulder * (0.7 + i * 0.14);
    const y = t.top + 40 + i * 24;
    return `<path d="${curve([-half, y], [0, t.top + 84 + i * 26], [half, y])}" fill="none" stroke="${colour}" stroke-width="12" stroke-dasharray="${dash}"/>`;
  };
  const { hex } = fabric.accent;
  return band(0, '9 5', hex) + band(1, '5 5', lighter(hex, 0.4)) + band(2, '14 7', hex);
}

const rollNeck = (fabric: Fabric, t: Torso, rib: string): string =>
  sew(fabric, {
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

function cardiganFront(fabric: Fabric, t: Torso, rib: string): string {
  const bottom = t.top + t.length;
  const from = t.top + t.neckDrop;
  const buttons = [0, 1, 2, 3, 4].map((i) =>
    button(0, from + 16 + (i * (t.length - t.neckDrop - 22)) / 4.2, 7, darker(fabric.accent.hex, 0.2)),
  );
  const pocket = (x: number) =>
    sew(fabric, { d: box(x - 34, bottom - 112, 68, 72, 5), puff: 0.5 }) +
    seam(path([x - 33, bottom - 98], [x + 33, bottom - 98]));
  const placket = box(-14, from - 2, 28, t.length - t.neckDrop + 18, 2);
  return (
    pocket(-66) +
    pocket(66) +
    sew(fabric, { d: placket, weave: 'rib', dye: rib, puff: 0.5 }) +
    buttons.join('')
  );
}

const NECKS = {
  crew: { neckDrop: 32 },
  v: { neckDrop: 92, neckline: 'v' },
  roll: { neckDrop: 16, neck: 42 },
} as const;

export const knit =
  (s: Knit): Garment =>
  (fabric, view) => {
    const { wide } = FITS[s.fit];
    const t = torso(s.fit, { ...NECKS[s.neck], chest: 126 + wide, waist: 122 + wide, hem: 112 + wide });
    const rib = darker(fabric.main.hex, 0.07);
    const art =
      (view.back || s.neck === 'roll' ? '' : backNeck(fabric, t)) +
      sleeves(fabric, t, arms('long', view, 30, { cuff: 29, bandWeave: 'rib', bandDye: rib, puff: 1.4 })) +
      sew(fabric, { d: bodyPath(t, view.back), folds: bodyFolds(t, fabric.seed), puff: 1.4 }) +
      (s.yoke ? figures(fabric, t) : '') +
      hemRib(fabric, t, rib) +
      (s.open && !view.back ? cardiganFront(fabric, t, rib) : '') +
      (s.neck === 'roll' ? rollNeck(fabric, t, rib) : neckBand(fabric, t, view, 19, rib));
    return drape(fabric.seed, 0.6, art);
  };
