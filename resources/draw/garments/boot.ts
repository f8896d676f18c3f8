import { drape, type Fabric, type Garment, seam, sew, stitch, zip } from '../cloth.ts';
import { box, curve, ellipse, path, shape, tube } from '../geometry.ts';
import { darker, lighter } from '../palette.ts';
import { pair } from './pair.ts';

export interface Boot {
  readonly shaft: 'ankle' | 'mid' | 'tall';
  readonly closing: 'laces' | 'gore' | 'zip' | 'strap';
  readonly heel: 'flat' | 'block' | 'lug';
}

const SOLES: Record<Boot['heel'], string> = {
  flat: shape(
    [-186, 62],
    [-196, 92, -180, 94, -150, 94],
    [60, 94],
    [62, 86],
    [140, 98],
    [148, 60],
    [0, 76, -100, 76, -186, 62],
  ),
  block: shape(
    [-184, 60],
    [-198, 82, -180, 88, -150, 88],
    [40, 88],
    [66, 84],
    [72, 114],
    [142, 114],
    [148, 56],
    [0, 76, -100, 76, -184, 60],
  ),
  lug: shape(
    [-188, 54],
    [-204, 98, -190, 106, -160, 106],
    [-120, 106],
    [-116, 98],
    [-96, 98],
    [-92, 106],
    [-40, 106],
    [-36, 98],
    [-16, 98],
    [-12, 106],
    [40, 106],
    [54, 92],
    [64, 110],
    [146, 110],
    [152, 54],
    [0, 74, -100, 74, -188, 54],
  ),
};

const laces = (fabric: Fabric, rows: number): string =>
  Array.from({ length: rows }, (_, i) => {
    const y = -28 - i * 24;
    const x = [-48, -28, -14][i] ?? -11;
    const d = tube([x - 4, y - 7, 4], [x + 12, y, 4.4], [x + 36, y + 5, 3.8]);
    const eyelet = `<circle cx="${x + 40}" cy="${y + 6}" r="4.4" fill="#c4b48c" stroke="#000" stroke-opacity=".4"/>`;
    return sew(fabric, { d, dye: lighter(fabric.accent.hex, 0.3), weave: 'twill', puff: 0.4 }) + eyelet;
  }).join('');

function closingOf(s: Boot, fabric: Fabric, top: number): string {
  if (s.closing === 'laces') return laces(fabric, s.shaft === 'ankle' ? 5 : 7);
  if (s.closing === 'zip') return zip(path([54, top + 8], [60, 40]), 54, top + 16, '#c9c2b2');
  if (s.closing === 'strap')
    return (
      sew(fabric, { d: tube([-50, -36, 12], [30, -70, 13], [124, -66, 12]), puff: 0.7 }) +
      `<path d="${box(14, -86, 30, 32, 5)}" fill="none" stroke="#cdb98a" stroke-width="5"/>`
    );
  const gore = shape(
    [28, top + 6],
    [92, top + 6],
    [86, -60, 76, -40, 62, -30],
    [44, -44, 34, -70, 28, top + 6],
  );
  return sew(fabric, { d: gore, dye: darker(fabric.accent.hex, 0.25), weave: 'rib', puff: 0.4 });
}

function upperOf(s: Boot, fabric: Fabric, top: number): string {
  const wide = s.shaft === 'tall' ? 10 : 0;
  const d = shape(
    [-180, 66],
    [-196, 24, -150, 0, -96, -12],
    [-46, -24, -18, -44, -12, -92],
    [-14, -120, -18 - wide, top + 60, -20 - wide, top],
    [40, top - 12, 124 + wide, top],
    [124 + wide, top + 70, 120, -110, 126, -60],
    [140, 0, 142, 40, 140, 66],
    [0, 78, -100, 76, -180, 66],
  );
  const folds = [curve([-30, -66], [40, -56], [112, -74]), curve([-60, -24], [-26, 6], [-30, 40])];
  if (s.shaft === 'tall') folds.push(curve([-10, top + 150], [60, top + 170], [120, top + 140]));
  const mouth = `<path d="${ellipse(52, top, 71 + wide, 8)}" fill="#1b1818" fill-opacity=".8"/>`;
  return sew(fabric, { d, folds, puff: 1.6 }) + mouth;
}

const LAYOUT: Record<Boot['shaft'], { rise: number; y: number; scale: number; gap: number }> = {
  ankle: { rise: 96, y: 34, scale: 0.98, gap: 200 },
  mid: { rise: 160, y: 66, scale: 0.9, gap: 150 },
  tall: { rise: 300, y: 136, scale: 0.98, gap: 200 },
};

export const boot =
  (s: Boot): Garment =>
  (fabric, view) => {
    const { rise, y, scale, gap } = LAYOUT[s.shaft];
    const top = -60 - rise;
    const one =
      sew(fabric, { d: SOLES[s.heel], dye: darker(fabric.main.hex, 0.55), weave: 'jersey', puff: 0.7 }) +
      sew(fabric, { d: box(116, top - 20, 14, 46, 5), dye: fabric.accent.hex, puff: 0.4 }) +
      upperOf(s, fabric, top) +
      seam(curve([-100, -6], [-88, 30], [-98, 70])) +
      stitch(lighter(fabric.main.hex, 0.35), path([96, 66], [84, 20, 96, -20, 128, -30])) +
      closingOf(s, fabric, top);
    const sideBySide =
      `<g transform="translate(56 -4) scale(.94)">${one}</g>` +
      `<g transform="translate(-34 22) rotate(${view.pose * -6})">${one}</g>`;
    const art = s.shaft === 'tall' && !view.back ? sideBySide : pair(one, view, gap);
    return drape(fabric.seed, 0.2, `<g transform="translate(14 ${y}) scale(${scale})">${art}</g>`);
  };
