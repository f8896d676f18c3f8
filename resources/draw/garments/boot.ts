import { drape, type Garment, seam, sew, stitch, zip } from '../cloth.ts';
import { box, curve, ellipse, path, shape, tube } from '../geometry.ts';
import { darker, lighter } from '../palette.ts';
import { pair } from './pair.ts';

export interface Boot {
  readonly shaft: 'ankle' | 'mid' | 'tall';
  readonly closing: 'laces' | 'gore' | 'zip' | 'strap';
  readonly heel: 'flat' | 'block' | 'lug';
}

export const boot =
  (s: Boot): Garment =>
  (fabric, view) => {
    const rise = { ankle: 96, mid: 160, tall: 300 }[s.shaft];
    const top = -60 - rise;
    const wide = s.shaft === 'tall' ? 10 : 0;
    const upper = shape(
      [-180, 66],
      [-196, 24, -150, 0, -96, -12],
      [-46, -24, -18, -44, -12, -92],
      [-14, -120, -18 - wide, top + 60, -20 - wide, top],
      [40, top - 12, 124 + wide, top],
      [124 + wide, top + 70, 120, -110, 126, -60],
      [140, 0, 142, 40, 140, 66],
      [0, 78, -100, 76, -180, 66],
    );
    const mouth = `<path d="${ellipse(52, top, 71 + wide, 8)}" fill="#1b1818" fill-opacity=".8"/>`;
    const dark = darker(fabric.main.hex, 0.55);
    const sole = {
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
    }[s.heel];
    const closing = {
      laces: () =>
        Array.from({ length: s.shaft === 'ankle' ? 5 : 7 }, (_, i) => {
          const y = -28 - i * 24;
          const x = -70 + Math.min(i, 2) * 24 + i * 1.5;
          return (
            sew(fabric, {
              d: tube([x - 8, y - 10, 4], [x + 14, y, 4.4], [x + 40, y + 4, 3.8]),
              dye: lighter(fabric.accent.hex, 0.3),
              weave: 'twill',
              puff: 0.4,
            }) +
            `<circle cx="${x + 44}" cy="${y + 5}" r="4.4" fill="#c4b48c" stroke="#000" stroke-opacity=".4"/>`
          );
        }).join(''),
      gore: () =>
        sew(fabric, {
          d: shape(
            [28, top + 6],
            [92, top + 6],
            [86, -60, 76, -40, 62, -30],
            [44, -44, 34, -70, 28, top + 6],
          ),
          dye: darker(fabric.accent.hex, 0.25),
          weave: 'rib',
          puff: 0.4,
        }),
      zip: () => zip(path([54, top + 8], [60, 40]), 54, top + 16, '#c9c2b2'),
      strap: () =>
        sew(fabric, { d: tube([-50, -36, 12], [30, -70, 13], [124, -66, 12]), puff: 0.7 }) +
        `<path d="${box(14, -86, 30, 32, 5)}" fill="none" stroke="#cdb98a" stroke-width="5"/>`,
    }[s.closing]();
    const tab = sew(fabric, { d: box(116, top - 20, 14, 46, 5), dye: fabric.accent.hex, puff: 0.4 });
    const folds = [
      curve([-30, -66], [40, -56], [112, -74]),
      curve([-60, -24], [-26, 6], [-30, 40]),
      ...(s.shaft === 'tall' ? [curve([-10, top + 150], [60, top + 170], [120, top + 140])] : []),
    ];
    const one =
      sew(fabric, { d: sole, dye: dark, weave: 'jersey', puff: 0.7 }) +
      tab +
      sew(fabric, { d: upper, folds, puff: 1.6 }) +
      mouth +
      seam(curve([-100, -6], [-88, 30], [-98, 70])) +
      stitch(lighter(fabric.main.hex, 0.35), path([96, 66], [84, 20, 96, -20, 128, -30])) +
      closing;
    const tall = s.shaft === 'tall';
    const art =
      tall && !view.back
        ? `<g transform="translate(56 -4) scale(.94)">${one}</g><g transform="translate(-34 22) rotate(${view.pose * -6})">${one}</g>`
        : pair(one, view, s.shaft === 'mid' ? 150 : 200);
    return drape(
      fabric.seed,
      0.2,
      `<g transform="translate(14 ${{ ankle: 34, mid: 66, tall: 136 }[s.shaft]}) scale(${{ ankle: 0.98, mid: 0.9, tall: 0.98 }[s.shaft]})">${art}</g>`,
    );
  };
