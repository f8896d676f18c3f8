import { drape, type Fabric, type Garment, seam, sew, type View, zip } from '../cloth.ts';
import { box, curve, mirrored, type Point, path, shape, tube } from '../geometry.ts';
import { blend, darker } from '../palette.ts';
import { clasp, strap } from './hardware.ts';

export interface Backpack {
  readonly cut: 'dome' | 'rolltop' | 'flap' | 'square';
  readonly pocket: 'zip' | 'two' | 'none';
}

function shoulderStraps(fabric: Fabric, view: View): string {
  const spread = 30 + view.pose * 46;
  if (view.back)
    return (
      [1, -1]
        .map((k) =>
          sew(fabric, {
            d: tube([k * 40, -184, 21], [k * 72, -90, 23], [k * 78, 20, 18], [k * 96, 150, 9]),
            dye: darker(fabric.accent.hex, 0.15),
            puff: 1.2,
          }),
        )
        .join('') +
      sew(fabric, { d: box(-40, -200, 80, 30, 10), dye: darker(fabric.main.hex, 0.15), puff: 0.8 })
    );
  return [1, -1]
    .map((k) =>
      sew(fabric, {
        d: tube(
          [k * 110, -120, 14],
          [k * (140 + spread), -10, 16],
          [k * (136 + spread), 100, 13],
          [k * 118, 190, 9],
        ),
        dye: darker(fabric.accent.hex, 0.15),
        puff: 1,
      }),
    )
    .join('');
}

const PACKS: Record<Backpack['cut'], string> = {
  dome: mirrored(
    [0, -214],
    [90, -214, 138, -170, 146, -70],
    [154, 40, 158, 150, 150, 210],
    [142, 234, 70, 238, 0, 238],
  ),
  rolltop: mirrored([0, -176], [128, -180], [134, -60, 152, 100, 148, 206], [140, 234, 70, 238, 0, 238]),
  flap: mirrored(
    [0, -190],
    [100, -190, 134, -172, 138, -130],
    [150, 20, 156, 140, 148, 210],
    [140, 234, 70, 238, 0, 238],
  ),
  square: mirrored(
    [0, -212],
    [112, -212],
    [134, -212, 138, -200, 139, -180],
    [146, 205],
    [145, 234, 130, 237, 112, 238],
    [0, 240],
  ),
};

const FLAP = mirrored(
  [0, -204],
  [104, -204, 140, -184, 146, -130],
  [152, -60, 150, -20, 140, 6],
  [90, 26, 0, 28],
);
const DOME_ZIP = path([-132, -60], [-124, -166, -70, -190, 0, -190], [70, -190, 124, -166, 132, -60]);
const ZIP_POCKET = mirrored([0, 30], [84, 30], [112, 34, 116, 70, 116, 120], [116, 196], [100, 206, 0, 206]);
const STEEL = '#c9c6bd';
const trimOf = (fabric: Fabric): string => darker(fabric.accent.hex, 0.05);

function frontPocket(s: Backpack, fabric: Fabric): string {
  if (s.pocket === 'none') return seam(path([-150, 120], [0, 128, 150, 120]));
  const trim = trimOf(fabric);
  if (s.pocket === 'zip') {
    const dye = fabric.pattern === 'solid' ? blend(fabric.main.hex, fabric.accent.hex, 0.16) : trim;
    return (
      sew(fabric, { d: ZIP_POCKET, puff: 1.4, dye }) + zip(path([-92, 52], [0, 44, 92, 52]), -88, 54, STEEL)
    );
  }
  const flapped = (x: number) =>
    sew(fabric, { d: box(x - 50, 62, 100, 130, 16), puff: 1.4 }) +
    sew(fabric, {
      d: shape([x - 53, 52], [x + 53, 52], [x + 53, 92], [x, 118, x - 53, 92]),
      puff: 0.8,
      dye: trim,
    });
  return flapped(-62) + flapped(62);
}

const TOPS: Record<Backpack['cut'], (fabric: Fabric) => string> = {
  dome: () => zip(DOME_ZIP, 128, -70, STEEL),
  rolltop: (fabric) =>
    sew(fabric, { d: box(-136, -216, 272, 54, 22), puff: 1.6 }) +
    sew(fabric, { d: box(-134, -170, 268, 26, 8), puff: 0.9 }) +
    strap(
      fabric,
      [
        [0, -214],
        [2, -130],
        [0, -20],
      ],
      11,
    ) +
    clasp(0, -60),
  flap: (fabric) =>
    sew(fabric, { d: FLAP, puff: 1.3, folds: [curve([-90, -190], [-70, -100], [-84, 0])] }) +
    [-56, 56]
      .map(
        (x) =>
          strap(
            fabric,
            [
              [x, -30],
              [x, 20],
              [x, 66],
            ],
            10,
          ) + clasp(x, 40),
      )
      .join(''),
  square: (fabric) =>
    sew(fabric, {
      d: mirrored([0, -150], [96, -150], [106, -90], [0, -88]),
      puff: 0.6,
      dye: trimOf(fabric),
    }) + seam(path([-140, 0], [140, 0])),
};

export const backpack =
  (s: Backpack): Garment =>
  (fabric, view) => {
    const grip: Point[] = [
      [-30, -200],
      [-26, -246],
      [26, -246],
      [30, -200],
    ];
    const sidePocket = (k: 1 | -1) =>
      sew(fabric, {
        d: shape([k * 140, 70], [k * 178, 76], [k * 184, 180, k * 176, 206], [k * 144, 216]),
        puff: 1.2,
      });
    const handle = strap(fabric, grip, 8);
    const straps = shoulderStraps(fabric, view);
    const body = sew(fabric, {
      d: PACKS[s.cut],
      puff: 2.2,
      folds: [curve([-96, -40], [-90, 10], [-120, 60])],
    });
    const art = view.back
      ? handle + body + straps
      : handle +
        straps +
        sidePocket(1) +
        sidePocket(-1) +
        body +
        frontPocket(s, fabric) +
        TOPS[s.cut](fabric);
    return drape(fabric.seed, 0.25, art);
  };
