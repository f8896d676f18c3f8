/** Straps and metal parts of bags. */
import { type Fabric, sew } from '../cloth.ts';
import { box, ellipse, type Point, tube } from '../geometry.ts';
import { darker } from '../palette.ts';

export const BRASS = '#cfb57c';

export const strap = (fabric: Fabric, points: readonly Point[], half: number, dye?: string): string =>
  sew(fabric, {
    d: tube(...points.map(([x, y]) => [x, y, half] as const)),
    puff: 0.6,
    weave: 'leather',
    dye: dye ?? darker(fabric.accent.hex, 0.1),
  });

export const ring = (x: number, y: number): string =>
  `<path d="${ellipse(x, y, 10, 10)}" fill="none" stroke="#000" stroke-opacity=".3" stroke-width="5" transform="translate(1 2)"/><path d="${ellipse(x, y, 10, 10)}" fill="none" stroke="${BRASS}" stroke-width="4.4"/>`;

export const clasp = (x: number, y: number): string =>
  `<path d="${box(x - 17, y - 12, 34, 26, 5)}" fill="${BRASS}" stroke="#000" stroke-opacity=".3"/><path d="${ellipse(x, y + 1, 6, 6)}" fill="${darker(BRASS, 0.35)}"/>`;
