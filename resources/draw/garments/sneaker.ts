import { drape, type Fabric, type Garment, seam, sew, stitch } from '../cloth.ts';
import { curve, ellipse, type Point, path, type Step, shape, tube } from '../geometry.ts';
import { darker, lighter } from '../palette.ts';
import { pair } from './pair.ts';

export interface Sneaker {
  readonly cut: 'low' | 'high' | 'slip-on';
  readonly sole: 'cup' | 'runner' | 'chunky';
  readonly side: 'plain' | 'stripe' | 'wave' | 'panel';
  readonly toeCap?: boolean;
}

const SOLES: Record<Sneaker['sole'], Step[]> = {
  cup: [
    [-190, 56],
    [-202, 92, -192, 96, -166, 96],
    [150, 96],
    [178, 96, 180, 84, 172, 54],
    [60, 66, -90, 66, -190, 56],
  ],
  runner: [
    [-192, 50],
    [-206, 72, -190, 88, -160, 94],
    [-60, 100, 20, 86, 70, 96],
    [140, 104],
    [192, 102, 196, 78, 180, 40],
    [100, 62, -100, 66, -192, 50],
  ],
  chunky: [
    [-192, 48],
    [-212, 84, -202, 108, -168, 108],
    [-10, 108],
    [14, 96, 40, 108],
    [160, 112],
    [200, 112, 200, 78, 180, 34],
    [60, 60, -90, 62, -192, 48],
  ],
};

/** A point of the throat, where the laces run: 0 at the toes, 1 at the tongue. */
function throat(t: number, rise: number): Point {
  const u = 1 - t;
  const at = (a: number, b: number, c: number, d: number) =>
    u * u * u * a + 3 * u * u * t * b + 3 * u * t * t * c + t * t * t * d;
  return [at(-104, -70, -30, 2), at(-8, -22, -62, -98 - rise * 0.7)];
}

function laces(fabric: Fabric, rise: number): string {
  const rows = rise > 0 ? 6 : 4;
  const stay = [0.06, 0.3, 0.55, 0.8, 1]
    .map((t) => throat(t, rise))
    .map(([x, y]) => [x + 16, y + 13, 15] as const);
  const dye =
    fabric.accent.code === 'WHT' || fabric.main.code !== 'WHT' ? '#f2ecdf' : lighter(fabric.accent.hex, 0.25);
  const rungs = Array.from({ length: rows }, (_, i) => {
    const [x, y] = throat(0.14 + (i * 0.8) / (rows - 1), rise);
    return sew(fabric, {
      d: tube([x - 5, y - 3, 4.2], [x + 13, y + 5, 4.8], [x + 29, y + 17, 4.2]),
      dye,
      weave: 'twill',
      puff: 0.4,
    });
  });
  return sew(fabric, { d: tube(...stay), dye: darker(fabric.main.hex, 0.08), puff: 0.4 }) + rungs.join('');
}

function sneakerSide(s: Sneaker, fabric: Fabric): string {
  const trim = fabric.accent.hex;
  if (s.side === 'stripe')
    return [0, 26, 52]
      .map((x) =>
        sew(fabric, {
          d: shape([x - 6, 58], [x + 8, 60], [x + 34, -22], [x + 21, -26]),
          dye: trim,
          puff: 0.3,
        }),
      )
      .join('');
  if (s.side === 'wave')
    return sew(fabric, {
      d: shape([-84, 40], [-10, 62, 70, 30, 152, -34], [96, 34, 20, 74, -70, 58]),
      dye: trim,
      puff: 0.3,
    });
  if (s.side === 'panel')
    return (
      sew(fabric, {
        d: shape(
          [-30, 60],
          [-18, 18, 10, -4, 44, -18],
          [84, 2, 120, 8, 166, 0],
          [172, 58],
          [60, 66, 20, 66, -30, 60],
        ),
        dye: trim,
        puff: 0.5,
      }) + stitch(lighter(trim, 0.4), path([-22, 54], [-10, 22, 14, 4, 46, -10]))
    );
  return stitch(lighter(fabric.main.hex, 0.4), path([-26, 56], [-10, 16, 6, 4, 30, -14]));
}

const RUBBER = '#f0ebdf';

function upperOf(fabric: Fabric, high: boolean, rise: number): string {
  const collar: Step = high
    ? [66, -128 - rise * 0.7, 120, -132 - rise * 0.7, 142, -112 - rise]
    : [54, -80, 96, -66, 132, -104];
  const upper = shape(
    [-186, 62],
    [-196, 22, -160, -2, -104, -8],
    [-70, -22, -30, -62, 2, -98 - rise * 0.7],
    [14, -112 - rise],
    [40, -116 - rise],
    collar,
    [158, -116 - rise * 0.9, 166, -84 - rise * 0.5, 162, -20],
    [166, 20, 174, 40, 176, 62],
    [60, 72, -90, 72, -186, 62],
  );
  const mouth = high
    ? ellipse(86, -122 - rise, 56, 12)
    : shape([20, -108], [56, -84, 96, -70, 134, -106], [100, -92, 60, -96, 20, -108]);
  return `${sew(fabric, { d: upper, puff: 1.5 })}<path d="${mouth}" fill="#1b191a" fill-opacity=".75"/>`;
}

function tongue(fabric: Fabric, rise: number): string {
  const d = shape(
    [-22, -66 - rise * 0.3],
    [-8, -128 - rise, 12, -142 - rise, 40, -134 - rise],
    [50, -110 - rise],
    [10, -60],
  );
  return sew(fabric, { d, dye: darker(fabric.main.hex, 0.1), puff: 0.8 });
}

function gore(fabric: Fabric): string {
  const d = shape([-2, -92], [40, -98], [52, -40], [12, -34]);
  return sew(fabric, { d, dye: darker(fabric.main.hex, 0.35), weave: 'rib', puff: 0.4 });
}

function toe(s: Sneaker, fabric: Fabric): string {
  if (!s.toeCap) return seam(curve([-118, -4], [-106, 26], [-112, 64]));
  const d = shape([-190, 62], [-198, 22, -168, 0, -122, -4], [-108, 20, -110, 48, -116, 67]);
  return sew(fabric, { d, dye: RUBBER, weave: 'smooth', puff: 0.8 });
}

function soleOf(s: Sneaker, fabric: Fabric): string {
  const dye = s.sole === 'runner' ? '#e9e5dc' : RUBBER;
  const sole = sew(fabric, { d: shape(...SOLES[s.sole]), dye, weave: 'smooth', puff: 0.7 });
  if (s.sole === 'runner') return sole;
  const width = s.sole === 'chunky' ? 7 : 4;
  return `${sole}<path d="${curve([-190, 80], [0, 88], [176, 78])}" fill="none" stroke="${fabric.accent.hex}" stroke-width="${width}" stroke-opacity=".85"/>`;
}

const HEEL = shape(
  [122, -62],
  [140, -80, 158, -84, 164, -60],
  [172, 60],
  [128, 62],
  [116, 10, 114, -30, 122, -62],
);

export const sneaker =
  (s: Sneaker): Garment =>
  (fabric, view) => {
    const high = s.cut === 'high';
    const slipOn = s.cut === 'slip-on';
    const rise = high ? 78 : 0;
    const one =
      (slipOn ? '' : tongue(fabric, rise)) +
      upperOf(fabric, high, rise) +
      sneakerSide(s, fabric) +
      sew(fabric, { d: HEEL, dye: fabric.accent.hex, puff: 0.5 }) +
      toe(s, fabric) +
      (slipOn ? gore(fabric) : laces(fabric, rise)) +
      soleOf(s, fabric);
    const both = pair(one, view, high ? 200 : 218);
    return drape(fabric.seed, 0.12, `<g transform="translate(0 ${high ? 46 : 12})">${both}</g>`);
  };
