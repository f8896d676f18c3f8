import { button, drape, type Fabric, type Garment, seam, sew, type View, zip } from '../cloth.ts';
import { box, curve, ellipse, mirrored, path, shape } from '../geometry.ts';
import { darker, lighter } from '../palette.ts';
import { arms, type Fit, torso } from './fit.ts';
import { across, backNeck, bodyFolds, bodyPath, neckBand, sleeves, type Torso } from './torso.ts';

export interface TShirt {
  readonly fit: Fit;
  readonly neck: 'crew' | 'v' | 'scoop';
  readonly sleeve: 'short' | 'half' | 'long';
  readonly pocket?: boolean;
  /** Neck band in the second colour. */
  readonly ringer?: boolean;
  readonly print?: 'sun' | 'bar' | 'peaks';
}

function chestPrint(kind: 'sun' | 'bar' | 'peaks', hex: string, y: number): string {
  if (kind === 'bar')
    return `<path d="${box(-58, y, 116, 34, 3)}${box(-58, y + 44, 78, 10, 2)}" fill="${hex}"/>`;
  if (kind === 'sun')
    return `<path d="${ellipse(0, y + 40, 52, 52)}" fill="${hex}"/><path d="${[18, 34, 50, 66].map((d, i) => `M-60 ${y + 30 + d}h120v${3 + i}h-120z`).join('')}" fill="#fff" fill-opacity=".75"/>`;
  return `<path d="M-78 ${y + 90}l52 -84l30 46l20 -28l54 66z" fill="${hex}"/><path d="M-26 ${y + 6}l17 27l-14 -6l-8 10l-12 -4z" fill="#fff" fill-opacity=".8"/>`;
}

export const tShirt =
  (s: TShirt): Garment =>
  (fabric, view) => {
    const neck = {
      crew: { neckDrop: 34 },
      v: { neckDrop: 74, neckline: 'v' as const, neck: 42 },
      scoop: { neckDrop: 62, neck: 60 },
    }[s.neck];
    const t = torso(s.fit, neck);
    const bottom = t.top + t.length;
    const front = view.back
      ? ''
      : (s.pocket
          ? sew(fabric, {
              d: shape(
                [28, t.top + 104],
                [82, t.top + 102],
                [83, t.top + 156],
                [56, t.top + 166],
                [29, t.top + 158],
              ),
              puff: 0.3,
            })
          : '') + (s.print ? chestPrint(s.print, fabric.accent.hex, t.top + 96) : '');
    const art =
      (view.back ? '' : backNeck(fabric, t)) +
      sleeves(fabric, t, arms(s.sleeve, view, s.sleeve === 'long' ? 20 : 0, { bandWeave: 'rib' })) +
      sew(fabric, { d: bodyPath(t, view.back), folds: bodyFolds(t, fabric.seed) }) +
      seam(across(t.hem - 2, bottom - 13)) +
      front +
      neckBand(fabric, t, view, 13, s.ringer ? fabric.accent.hex : undefined);
    return drape(fabric.seed, 0.8, art);
  };

function collar(fabric: Fabric, t: Torso, view: View, reach: number, dye?: string): string {
  const y = t.top;
  const colour = dye ? { dye } : {};
  if (view.back)
    return sew(fabric, {
      d: mirrored(
        [0, y - 16],
        [t.neck * 0.7, y - 15, t.neck + 4, y - 4],
        [t.neck + 13, y + 22],
        [t.neck * 0.5, y + 32, 0, y + 30],
      ),
      puff: 0.5,
      ...colour,
    });
  const leaf = (side: 1 | -1) =>
    sew(fabric, {
      d: shape(
        [side * (t.neck - 6), y - 16],
        [side * (t.neck + 12), y + 6, side * (t.neck + 14), y + 20],
        [side * (t.neck + 6 - reach * 0.1), y + 34 + reach],
        [side * 3, y + t.neckDrop - 6],
        [side * (t.neck * 0.5), y + 14, side * (t.neck - 6), y - 16],
      ),
      puff: 0.5,
      grain: side * 28,
      ...colour,
    });
  const stand = sew(fabric, {
    d: mirrored(
      [0, y - 6],
      [t.neck * 0.5, y - 18, t.neck - 4, y - 16],
      [t.neck, y + 6],
      [t.neck * 0.5, y + 22, 0, y + 20],
    ),
    puff: 0.3,
    dye: darker(dye ?? fabric.main.hex, 0.22),
  });
  return stand + leaf(-1) + leaf(1);
}

export interface Polo {
  readonly fit: Fit;
  readonly sleeve: 'short' | 'long';
  readonly placket: 'buttons' | 'zip' | 'open';
  /** Collar and cuffs in the second colour. */
  readonly tipped?: boolean;
}

export const polo =
  (s: Polo): Garment =>
  (fabric, view) => {
    const t = torso(s.fit, {
      neckDrop: s.placket === 'open' ? 60 : 32,
      neck: 40,
      ...(s.placket === 'open' ? { neckline: 'v' as const } : {}),
    });
    const trim = s.tipped ? fabric.accent.hex : undefined;
    const y = t.top + 26;
    const placket =
      s.placket === 'zip'
        ? zip(path([0, y], [0, y + 92]), 0, y + 20, '#c9c6bf')
        : sew(fabric, { d: box(-12, y, 24, 100, 2), puff: 0.3 }) +
          [22, 52, 82].map((d) => button(0, y + d, 5.4, lighter(fabric.main.hex, 0.55))).join('');
    const art =
      (view.back ? '' : backNeck(fabric, t)) +
      sleeves(fabric, t, arms(s.sleeve, view, 17, { bandWeave: 'rib', ...(trim ? { bandDye: trim } : {}) })) +
      sew(fabric, { d: bodyPath(t, view.back), folds: bodyFolds(t, fabric.seed) }) +
      seam(across(t.hem - 2, t.top + t.length - 12)) +
      (view.back || s.placket === 'open' ? '' : placket) +
      collar(fabric, t, view, s.placket === 'open' ? 34 : 16, trim);
    return drape(fabric.seed, 0.8, art);
  };

export interface Shirt {
  readonly fit: Fit;
  readonly sleeve: 'short' | 'long';
  readonly collar: 'point' | 'band' | 'camp';
  readonly pockets: 0 | 1 | 2;
}

function chestPocket(s: Shirt, fabric: Fabric, x: number, y: number): string {
  const bag = shape([x - 27, y], [x + 27, y], [x + 27, y + 54], [x, y + 64], [x - 27, y + 54]);
  const flap = shape([x - 29, y - 8], [x + 29, y - 8], [x + 29, y + 10], [x, y + 20], [x - 29, y + 10]);
  return sew(fabric, { d: bag, puff: 0.3 }) + (s.pockets === 2 ? sew(fabric, { d: flap, puff: 0.4 }) : '');
}

function shirtFront(s: Shirt, fabric: Fabric, t: Torso): string {
  const first = t.top + t.neckDrop + 12;
  const buttons = [0, 1, 2, 3, 4, 5].map((i) =>
    button(0, first + (i * (t.top + t.length - first - 20)) / 5.3, 5, lighter(fabric.accent.hex, 0.5)),
  );
  const placket = box(-12, t.top + t.neckDrop - 4, 24, t.length - t.neckDrop + t.hemDip * 0.86, 1);
  const pockets = [62, -62].slice(0, s.pockets).map((x) => chestPocket(s, fabric, x, t.top + 112));
  return sew(fabric, { d: placket, puff: 0.25 }) + buttons.join('') + pockets.join('');
}

const backYoke = (t: Torso): string =>
  seam(
    curve([-t.shoulder + 4, t.top + 62], [0, t.top + 66], [t.shoulder - 4, t.top + 62]),
    path([0, t.top + 66], [0, t.top + t.length]),
  );

export const shirt =
  (s: Shirt): Garment =>
  (fabric, view) => {
    const camp = s.collar === 'camp';
    const neck = camp ? ({ neckDrop: 58, hemDip: 2, neckline: 'v' } as const) : { neckDrop: 28, hemDip: 24 };
    const t = torso(s.fit, { neck: 42, ...neck });
    const art =
      (view.back ? '' : backNeck(fabric, t)) +
      sleeves(fabric, t, arms(s.sleeve, view, s.sleeve === 'long' ? 30 : 0)) +
      sew(fabric, { d: bodyPath(t, view.back), folds: bodyFolds(t, fabric.seed) }) +
      (view.back ? backYoke(t) : shirtFront(s, fabric, t)) +
      (s.collar === 'band' ? neckBand(fabric, t, view, 20) : collar(fabric, t, view, camp ? 40 : 20));
    return drape(fabric.seed, 1, art);
  };
