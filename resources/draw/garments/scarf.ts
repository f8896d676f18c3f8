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

export const scarf =
  (s: Scarf): Garment =>
  (fabric, view) => {
    const lean = view.pose * 34;
    const end = (x: number, top: number, bottom: number, half: number, tilt: number): string => {
      const tail = s.fringe
        ? fringe(fabric, [x + tilt - half, bottom], [x + tilt + half, bottom + 2], 30)
        : '';
      const d = shape(
        [x - half, top],
        [x + half, top],
        [x + half + 4, (top + bottom) / 2, x + tilt + half, bottom + 2],
        [x + tilt - half, bottom],
        [x - half - 6, (top + bottom) / 2, x - half, top],
      );
      return (
        tail +
        sew(fabric, {
          d,
          folds: [
            curve(
              [x - half * 0.3, top],
              [x + tilt * 0.4, (top + bottom) / 2],
              [x + tilt - half * 0.3, bottom],
            ),
          ],
          grain: -tilt * 0.16,
          puff: 1.3,
        })
      );
    };
    const loop = () =>
      end(46, -60, 196, 52, lean * 0.6) +
      end(-44, -50, 232, 54, -12 - lean) +
      sew(fabric, {
        d: shape(
          [-128, -112],
          [-140, -196, -60, -226, 0, -226],
          [70, -226, 142, -190, 128, -108],
          [100, -150, 50, -166, 0, -166],
          [-50, -166, -96, -150, -128, -112],
        ),
        puff: 1.6,
        grain: 8,
        dye: darker(fabric.main.hex, 0.25),
      }) +
      sew(fabric, {
        d: shape(
          [-134, -130],
          [-146, -60, -70, 0, 0, 4],
          [76, 0, 148, -60, 132, -130],
          [100, -90, 50, -72, 0, -72],
          [-54, -72, -104, -94, -134, -130],
        ),
        folds: [
          curve([-120, -96], [-40, -42], [60, -38], [122, -90]),
          curve([-90, -60], [0, -14], [90, -52]),
        ],
        puff: 1.8,
        grain: 14,
      }) +
      sew(fabric, {
        d: tube([-20, -90, 44], [0, -40, 46], [10, 30, 40]),
        folds: [curve([-30, -80], [-8, -30], [-6, 26])],
        puff: 1.6,
        grain: -10,
      });
    const folded = () =>
      end(-36, 60, 226, 92, -6 - lean * 0.4) +
      end(30, 40, 200, 90, lean * 0.5) +
      sew(fabric, {
        d: shape(
          [-140, -190],
          [0, -204, 138, -194],
          [150, 0, 140, 120],
          [0, 132, -138, 122],
          [-148, -20, -140, -190],
        ),
        folds: [curve([-130, -60], [0, -46], [130, -64]), curve([-130, 40], [0, 52], [130, 44])],
        puff: 1.7,
      });
    const hanging = () =>
      end(68, -206, 190, 62, lean) +
      end(-62, -210, 214, 64, -lean * 0.6) +
      sew(fabric, {
        d: shape(
          [-130, -180],
          [-120, -244, -40, -252, 0, -252],
          [46, -252, 128, -240, 132, -178],
          [60, -196, -60, -198, -130, -180],
        ),
        puff: 1.4,
        grain: 4,
      });
    return drape(
      fabric.seed,
      0.7,
      `<g transform="rotate(${view.back ? 8 : 0})">${{ looped: loop, folded, hanging }[s.wear]()}</g>`,
    );
  };
