import { drape, type Fabric, type Garment, sew } from '../cloth.ts';
import { curve, path, shape, tube } from '../geometry.ts';
import { darker } from '../palette.ts';

export interface Scarf {
  readonly wear: 'looped' | 'folded' | 'hanging';
  readonly fringe: boolean;
}

function fringe(
  fabric: Fabric,
  from: readonly [number, number],
  to: readonly [number, number],
  length: number,
): string {
  const count = 16;
  const strands = Array.from({ length: count + 1 }, (_, i) => {
    const x = from[0] + ((to[0] - from[0]) * i) / count;
    const y = from[1] + ((to[1] - from[1]) * i) / count;
    return path([x, y - 4], [x + ((i * 7) % 5) - 2, y + length + ((i * 11) % 7)]);
  });
  return `<path d="${strands.join('')}" stroke="#000" stroke-opacity=".22" stroke-width="4.6" transform="translate(1.5 2)"/><path d="${strands.join('')}" stroke="${fabric.pattern === 'solid' ? fabric.main.hex : fabric.accent.hex}" stroke-width="3.8" stroke-linecap="round"/>`;
}

/** A hanging end: its middle, top, bottom, half width, and how far it swings to the right. */
function tail(
  s: Scarf,
  fabric: Fabric,
  x: number,
  top: number,
  bottom: number,
  half: number,
  swing: number,
): string {
  const middle = (top + bottom) / 2;
  const end = x + swing;
  const d = shape(
    [x - half, top],
    [x + half, top],
    [x + half + 4, middle, end + half, bottom + 2],
    [end - half, bottom],
    [x - half - 6, middle, x - half, top],
  );
  const fold = curve([x - half * 0.3, top], [x + swing * 0.4, middle], [end - half * 0.3, bottom]);
  return (
    (s.fringe ? fringe(fabric, [end - half, bottom], [end + half, bottom + 2], 30) : '') +
    sew(fabric, { d, folds: [fold], grain: -swing * 0.16, puff: 1.3 })
  );
}

const LOOP = shape(
  [-128, -112],
  [-140, -196, -60, -226, 0, -226],
  [70, -226, 142, -190, 128, -108],
  [100, -150, 50, -166, 0, -166],
  [-50, -166, -96, -150, -128, -112],
);
const FRONT = shape(
  [-134, -130],
  [-146, -60, -70, 0, 0, 4],
  [76, 0, 148, -60, 132, -130],
  [100, -90, 50, -72, 0, -72],
  [-54, -72, -104, -94, -134, -130],
);
const FOLDED = shape(
  [-140, -190],
  [0, -204, 138, -194],
  [150, 0, 140, 120],
  [0, 132, -138, 122],
  [-148, -20, -140, -190],
);
const NAPE = shape(
  [-130, -180],
  [-120, -244, -40, -252, 0, -252],
  [46, -252, 128, -240, 132, -178],
  [60, -196, -60, -198, -130, -180],
);

function looped(s: Scarf, fabric: Fabric, lean: number): string {
  const front = [
    curve([-120, -96], [-40, -42], [60, -38], [122, -90]),
    curve([-90, -60], [0, -14], [90, -52]),
  ];
  const knot = tube([-20, -90, 44], [0, -40, 46], [10, 30, 40]);
  return (
    tail(s, fabric, 46, -60, 196, 52, lean * 0.6) +
    tail(s, fabric, -44, -50, 232, 54, -12 - lean) +
    sew(fabric, { d: LOOP, puff: 1.6, grain: 8, dye: darker(fabric.main.hex, 0.25) }) +
    sew(fabric, { d: FRONT, folds: front, puff: 1.8, grain: 14 }) +
    sew(fabric, { d: knot, folds: [curve([-30, -80], [-8, -30], [-6, 26])], puff: 1.6, grain: -10 })
  );
}

function folded(s: Scarf, fabric: Fabric, lean: number): string {
  const folds = [curve([-130, -60], [0, -46], [130, -64]), curve([-130, 40], [0, 52], [130, 44])];
  return (
    tail(s, fabric, -36, 60, 226, 92, -6 - lean * 0.4) +
    tail(s, fabric, 30, 40, 200, 90, lean * 0.5) +
    sew(fabric, { d: FOLDED, folds, puff: 1.7 })
  );
}

const hanging = (s: Scarf, fabric: Fabric, lean: number): string =>
  tail(s, fabric, 68, -206, 190, 62, lean) +
  tail(s, fabric, -62, -210, 214, 64, -lean * 0.6) +
  sew(fabric, { d: NAPE, puff: 1.4, grain: 4 });

export const scarf =
  (s: Scarf): Garment =>
  (fabric, view) => {
    const art = { looped, folded, hanging }[s.wear](s, fabric, view.pose * 34);
    return drape(fabric.seed, 0.7, `<g transform="rotate(${view.back ? 8 : 0})">${art}</g>`);
  };
