import type { Fabric, Garment, View } from './cloth.ts';
import { define } from './patterns.ts';
import { random } from './random.ts';

/** Size of a product picture, in pixels. */
export const FRAME = { width: 480, height: 600 } as const;

/** A picture is drawn this much larger on each side and trimmed, so that light and shadow do not stop at its edge. */
export const BLEED = 80;

/** What a product picture shows. */
export interface Shot {
  readonly view: View;
  /** Degrees the garment is turned on the table. */
  readonly turn: number;
  readonly zoom: number;
  /** The point of the garment in the middle of the picture. */
  readonly centre: readonly [x: number, y: number];
}

const PAPERS = ['#f4f1ec', '#f2f0ee', '#f5f2eb', '#efeeea', '#f3efea', '#f1f1ef'] as const;

const contact = define(
  'contact',
  (id) =>
    `<filter id="${id}" x="-15%" y="-15%" width="130%" height="135%" color-interpolation-filters="sRGB">` +
    `<feGaussianBlur in="SourceAlpha" stdDeviation="12"/><feOffset dx="5" dy="13"/><feColorMatrix values="0 0 0 0 .2 0 0 0 0 .16 0 0 0 0 .12 0 0 0 .34 0" result="far"/>` +
    `<feGaussianBlur in="SourceAlpha" stdDeviation="2.6"/><feOffset dx="1.5" dy="4"/><feColorMatrix values="0 0 0 0 .14 0 0 0 0 .11 0 0 0 0 .1 0 0 0 .34 0" result="near"/>` +
    `<feMerge><feMergeNode in="far"/><feMergeNode in="near"/><feMergeNode in="SourceGraphic"/></feMerge></filter>`,
);

/** A garment with the shadow it casts on what it lies on. */
export const resting = (art: string): string =>
  `<defs>${contact.markup}</defs><g filter="url(#${contact.id})">${art}</g>`;

/** A product picture as an SVG document, with its bleed: the garment on clean paper under soft light. */
export function photograph(garment: Garment, fabric: Fabric, shot: Shot): string {
  const next = random(fabric.seed + 7);
  const paper = PAPERS[Math.floor(next() * PAPERS.length)] ?? PAPERS[0];
  const width = FRAME.width + 2 * BLEED;
  const height = FRAME.height + 2 * BLEED;
  const sheet = `x="${-width / 2}" y="${-height / 2}" width="${width}" height="${height}"`;
  const [cx, cy] = shot.centre;
  return (
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="${-width / 2} ${-height / 2} ${width} ${height}">` +
    `<defs><radialGradient id="lamp" cx=".38" cy=".3" r=".85"><stop offset="0" stop-color="#fff" stop-opacity=".75"/><stop offset=".6" stop-color="#fff" stop-opacity="0"/><stop offset="1" stop-color="#6b5f52" stop-opacity=".16"/></radialGradient></defs>` +
    `<rect ${sheet} fill="${paper}"/><rect ${sheet} fill="url(#lamp)"/>` +
    `<g transform="scale(${shot.zoom}) rotate(${shot.turn}) translate(${-cx} ${-cy})">${resting(garment(fabric, shot.view))}</g></svg>`
  );
}
