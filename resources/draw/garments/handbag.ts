import { drape, type Fabric, type Garment, lining, seam, sew, stitch, type View, zip } from '../cloth.ts';
import { box, curve, ellipse, mirrored, path } from '../geometry.ts';
import { darker, lighter } from '../palette.ts';
import { BRASS, clasp, ring, strap } from './hardware.ts';

export interface Handbag {
  readonly cut: 'tote' | 'satchel' | 'bucket' | 'crossbody' | 'baguette' | 'bowling';
}

function tote(fabric: Fabric, view: View): string {
  const lift = 150 - view.pose * 46;
  const handle = (dy: number, dye?: string) =>
    strap(
      fabric,
      [
        [-82, -96 + dy],
        [-78, -170 - lift * 0.4 + dy],
        [-34, -112 - lift + dy],
        [34, -112 - lift + dy],
        [78, -170 - lift * 0.4 + dy],
        [82, -96 + dy],
      ],
      9,
      dye,
    );
  const body = mirrored([0, -122], [150, -126], [158, 40, 166, 150, 160, 214], [150, 232], [60, 238, 0, 238]);
  const tabs = [-82, 82]
    .map((x) =>
      sew(fabric, {
        d: box(x - 13, -112, 26, 62, 4),
        dye: darker(fabric.accent.hex, 0.1),
        weave: 'leather',
        puff: 0.5,
      }),
    )
    .join('');
  const base = sew(fabric, {
    d: mirrored([0, 176], [163, 172], [160, 214], [150, 233], [60, 238, 0, 238]),
    dye: darker(fabric.accent.hex, 0.1),
    weave: 'leather',
    puff: 0.5,
  });
  return (
    handle(-14, darker(fabric.accent.hex, 0.35)) +
    lining(fabric, mirrored([0, -136], [140, -134], [150, -120], [0, -112])) +
    sew(fabric, {
      d: body,
      folds: [curve([-100, -110], [-92, 40], [-110, 200]), curve([96, -60], [84, 60], [104, 190])],
      puff: 1.2,
    }) +
    seam(path([-150, -104], [150, -104])) +
    base +
    tabs +
    handle(0) +
    (view.back
      ? seam(path([-90, -20], [90, -20]))
      : `<path d="${box(-30, 96, 60, 24, 2)}" fill="${lighter(fabric.accent.hex, 0.2)}" fill-opacity=".85"/>`)
  );
}

function satchel(fabric: Fabric, view: View): string {
  const lift = 100 + view.pose * 34;
  const body = mirrored(
    [0, -84],
    [150, -84],
    [168, -80, 172, 60, 176, 150],
    [176, 172, 164, 178, 150, 178],
    [0, 182],
  );
  const flap = mirrored([0, -92], [146, -92], [170, -88, 172, -40, 170, 10], [150, 74, 90, 84, 0, 86]);
  const closing = view.back
    ? stitch(lighter(fabric.main.hex, 0.35), path([-140, 20], [140, 20]))
    : sew(fabric, { d: flap, puff: 0.8 }) +
      stitch(lighter(fabric.main.hex, 0.35), curve([-160, 8], [-90, 70], [0, 77], [90, 70], [160, 8])) +
      strap(
        fabric,
        [
          [0, 30],
          [0, 70],
          [0, 110],
        ],
        15,
      ) +
      clasp(0, 96);
  return (
    strap(
      fabric,
      [
        [-70, -80],
        [-64, -96 - lift * 0.6],
        [0, -104 - lift],
        [64, -96 - lift * 0.6],
        [70, -80],
      ],
      10,
    ) +
    sew(fabric, { d: body, puff: 1.6 }) +
    closing +
    ring(-70, -84) +
    ring(70, -84)
  );
}

function bucket(fabric: Fabric, view: View): string {
  const body = mirrored([0, -74], [112, -80], [124, 0, 148, 110, 140, 192], [126, 218, 60, 224, 0, 224]);
  const lace = [-84, -50, -17, 17, 50, 84]
    .map((x) => `<circle cx="${x}" cy="-42" r="7" fill="#221c1a" stroke="${BRASS}" stroke-width="3.4"/>`)
    .join('');
  return (
    strap(
      fabric,
      [
        [-108, -60],
        [-126, -190],
        [-50, -256 - view.pose * 10],
        [50, -256 - view.pose * 10],
        [126, -190],
        [108, -60],
      ],
      8,
    ) +
    lining(fabric, ellipse(0, -76, 111, 18)) +
    sew(fabric, {
      d: body,
      folds: [-70, -24, 22, 66].map((x) => curve([x, -70], [x * 1.05, -10], [x * 1.4, 60])),
      puff: 1.6,
    }) +
    lace +
    (view.back
      ? ''
      : strap(
          fabric,
          [
            [-30, -44],
            [-34, 20],
            [-44, 70],
          ],
          4,
        ) +
        strap(
          fabric,
          [
            [30, -44],
            [36, 30],
            [30, 84],
          ],
          4,
        )) +
    sew(fabric, {
      d: mirrored([0, 152], [146, 146], [140, 192], [126, 218, 60, 224, 0, 224]),
      dye: darker(fabric.accent.hex, 0.1),
      weave: 'leather',
      puff: 0.7,
    })
  );
}

function crossbody(fabric: Fabric, view: View): string {
  const sway = view.pose * 60;
  const body = mirrored([0, -30], [118, -30], [142, -26, 146, 60, 140, 120], [124, 178, 70, 186, 0, 188]);
  return (
    strap(
      fabric,
      [
        [-120, -20],
        [-150 + sway * 0.3, -150],
        [-70 + sway, -262],
        [60 + sway, -258],
        [150 + sway * 0.3, -140],
        [120, -20],
      ],
      6,
    ) +
    sew(fabric, { d: body, puff: 2 }) +
    (view.back
      ? seam(path([-110, 30], [110, 30]))
      : sew(fabric, {
          d: mirrored([0, -40], [122, -40], [146, -34, 144, 10, 138, 50], [110, 100, 60, 112, 0, 114]),
          puff: 1,
        }) + clasp(0, 100)) +
    ring(-122, -26) +
    ring(122, -26)
  );
}

function baguette(fabric: Fabric, view: View): string {
  const body = mirrored([0, -34], [170, -46], [190, -40, 192, 40, 184, 80], [172, 118, 120, 124, 0, 124]);
  return (
    strap(
      fabric,
      [
        [-168, -34],
        [-176, -120],
        [-96, -196 - view.pose * 24],
        [0, -210 - view.pose * 24],
        [96, -196 - view.pose * 24],
        [176, -120],
        [168, -34],
      ],
      12,
    ) +
    sew(fabric, {
      d: body,
      puff: 2,
      folds: [curve([-150, -30], [-110, 30], [-130, 100]), curve([140, -20], [104, 30], [128, 96])],
    }) +
    zip(path([-156, -30], [0, -20, 156, -30]), -150, -28, BRASS) +
    (view.back ? '' : clasp(0, 50)) +
    ring(-168, -40) +
    ring(168, -40)
  );
}

function bowling(fabric: Fabric, view: View): string {
  const body = mirrored(
    [0, -110],
    [90, -110, 150, -70, 164, 20],
    [172, 90, 172, 120, 164, 152],
    [150, 168, 80, 172, 0, 172],
  );
  const handle = (dy: number) =>
    strap(
      fabric,
      [
        [-72, -30 + dy],
        [-74, -130],
        [-36, -206 - view.pose * 20],
        [36, -206 - view.pose * 20],
        [74, -130],
        [72, -30 + dy],
      ],
      10,
    );
  return (
    handle(-30) +
    sew(fabric, { d: body, puff: 2.1 }) +
    zip(path([-146, -40], [-96, -98, -50, -102, 0, -102], [50, -102, 96, -98, 146, -40]), -140, -34, BRASS) +
    handle(14) +
    [-72, 72]
      .map((x) =>
        sew(fabric, {
          d: ellipse(x, 0, 20, 26),
          dye: darker(fabric.accent.hex, 0.1),
          weave: 'leather',
          puff: 0.5,
        }),
      )
      .join('') +
    sew(fabric, {
      d: mirrored([0, 108], [170, 104], [172, 130, 164, 152], [150, 168, 80, 172, 0, 172]),
      dye: darker(fabric.accent.hex, 0.1),
      weave: 'leather',
      puff: 0.6,
    })
  );
}

const HANDBAGS = { tote, satchel, bucket, crossbody, baguette, bowling };

export const handbag =
  (s: Handbag): Garment =>
  (fabric, view) =>
    drape(fabric.seed, 0.25, `<g transform="translate(0 18)">${HANDBAGS[s.cut](fabric, view)}</g>`);
