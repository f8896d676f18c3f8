import { drape, type Fabric, type Garment, seam, sew, stitch, thread, type View, zip } from '../cloth.ts';
import { curve, mirrored, path, tube } from '../geometry.ts';
import { blend, darker } from '../palette.ts';
import { arms, FITS, type Fit, torso } from './fit.ts';
import { bodyFolds, bodyPath, frontPath, sleeves, type Torso } from './torso.ts';

export interface Hoodie {
  readonly fit: Fit;
  readonly front: 'kangaroo' | 'zip';
  readonly lined?: boolean;
}

function hood(fabric: Fabric, t: Torso, view: View, inside: string): string {
  const y = t.top;
  const outer = mirrored([0, y - 74], [66, y - 78, 86, y - 30, 74, y + 24], [52, y + 52, 0, y + 58]);
  if (view.back)
    return sew(fabric, {
      d: mirrored([0, y - 62], [62, y - 62, 82, y - 10, 70, y + 40], [40, y + 92, 0, y + 96]),
      folds: [curve([0, y - 58], [1, y + 90])],
      puff: 1.6,
    });
  const opening = mirrored([0, y - 46], [44, y - 48, 52, y - 14, 44, y + 14], [24, y + 42, 0, y + 50]);
  const cord = (side: 1 | -1) => {
    const d = curve([side * 20, y + 40], [side * 26, y + 76], [side * 22, y + 122 + side * 7]);
    return `<path d="${d}" fill="none" stroke="#000" stroke-opacity=".28" stroke-width="6" transform="translate(1.5 2)"/><path d="${d}" fill="none" stroke="${inside}" stroke-width="4.6" stroke-linecap="round"/>`;
  };
  return (
    sew(fabric, {
      d: outer,
      puff: 1.6,
      folds: [curve([58, y - 40], [64, y], [40, y + 34]), curve([-58, y - 40], [-64, y], [-42, y + 34])],
    }) +
    `<path d="${opening}" fill="${darker(inside, 0.32)}"/>` +
    seam(opening) +
    cord(-1) +
    cord(1)
  );
}

function hemRib(fabric: Fabric, t: Torso, rib: string): string {
  const y = t.top + t.length;
  const d = mirrored([0, y - 18], [t.hem, y - 20], [t.hem * 0.96, y + 18], [0, y + 20]);
  return sew(fabric, { d, weave: 'rib', dye: rib, puff: 0.7 });
}

function pouch(fabric: Fabric, bottom: number): string {
  const d = mirrored(
    [0, bottom - 132],
    [48, bottom - 132],
    [56, bottom - 112, 88, bottom - 64],
    [86, bottom - 22],
    [0, bottom - 18],
  );
  return sew(fabric, {
    d,
    puff: 0.6,
    folds: [curve([-40, bottom - 40], [0, bottom - 60], [44, bottom - 38])],
  });
}

function zipFront(fabric: Fabric, t: Torso): string {
  const bottom = t.top + t.length;
  const pocket = (x: number) => stitch(thread(fabric), path([x, bottom - 120], [x * 1.4, bottom - 40]));
  return pocket(56) + pocket(-56) + zip(path([0, t.top + 48], [0, bottom + 16]), 0, t.top + 66, '#c4c1ba');
}

function bodyOf(fabric: Fabric, t: Torso, view: View, split: boolean): string {
  const folds = bodyFolds(t, fabric.seed);
  return split && !view.back
    ? sew(fabric, { d: frontPath(t, -1, 0), folds, puff: 1.3 }) +
        sew(fabric, { d: frontPath(t, 1, 0), folds, puff: 1.3 })
    : sew(fabric, { d: bodyPath(t, view.back), folds, puff: 1.3 });
}

export const hoodie =
  (s: Hoodie): Garment =>
  (fabric, view) => {
    const { wide, length } = FITS[s.fit];
    const widths = { chest: 130 + wide, waist: 126 + wide, hem: 116 + wide };
    const t = torso(s.fit, { neckDrop: 30, ...widths, top: -146 - length / 2 });
    const bottom = t.top + t.length;
    const rib = darker(fabric.main.hex, 0.06);
    const inside = s.lined ? fabric.accent.hex : blend(fabric.main.hex, '#d9d4ca', 0.35);
    const zipped = s.front === 'zip';
    const mouth = stitch(thread(fabric), tube([-50, bottom - 127, 0.1], [50, bottom - 127, 0.1]));
    const art =
      sleeves(fabric, t, arms('long', view, 28, { cuff: 31, bandWeave: 'rib', bandDye: rib, puff: 1.4 })) +
      bodyOf(fabric, t, view, zipped) +
      hemRib(fabric, t, rib) +
      (view.back ? '' : zipped ? zipFront(fabric, t) : pouch(fabric, bottom)) +
      hood(fabric, t, view, inside) +
      (view.back || zipped ? '' : mouth);
    return drape(fabric.seed, 0.85, art);
  };
