import { type Colour, darker, lighter } from './palette.ts';
import { type Definition, define, type PatternName, pattern, type WeaveName, weave } from './patterns.ts';

/** What a garment is made of. */
export interface Fabric {
  readonly main: Colour;
  readonly accent: Colour;
  readonly pattern: PatternName;
  readonly weave: WeaveName;
  /** Determines where the creases are. */
  readonly seed: number;
}

/** The pose of a garment: its side, and how far its sleeves, legs or handles are moved (0 to 1). */
export interface View {
  readonly back: boolean;
  readonly pose: number;
}

/** Draws one garment as an SVG fragment around (0, 0); the same arguments give the same text. */
export type Garment = (fabric: Fabric, view: View) => string;

/** A cut piece of cloth. */
export interface Piece {
  readonly d: string;
  /** A plain colour instead of the fabric's pattern. */
  readonly dye?: string;
  readonly weave?: WeaveName;
  /** Turn of the pattern, degrees clockwise. */
  readonly grain?: number;
  /** Lines along which the cloth folds. */
  readonly folds?: readonly string[];
  /** How far the piece bulges: 0 flat, 1 a shirt, 3 a down jacket. */
  readonly puff?: number;
}

const GLOSS: Readonly<Partial<Record<WeaveName, number>>> = { leather: 0.42, smooth: 0.2 };

/** Light from the upper left over a bulging piece, and its shadow on what lies beneath. */
function relief(puff: number, gloss: number): Definition {
  const blur = puff > 1.8 ? 9 : 5 + puff * 3;
  const shine = gloss
    ? `<feSpecularLighting in="height" surfaceScale="${4 + puff * 2}" specularConstant="${gloss}" specularExponent="16" lighting-color="#fff" result="s"><feDistantLight azimuth="236" elevation="52"/></feSpecularLighting>` +
      `<feGaussianBlur in="s" stdDeviation="2.2"/><feComposite operator="in" in2="SourceAlpha" result="shine"/>`
    : '';
  return define(
    `relief ${puff} ${gloss}`,
    (id) =>
      `<filter id="${id}" x="-15%" y="-15%" width="130%" height="135%" color-interpolation-filters="sRGB">` +
      `<feGaussianBlur in="SourceAlpha" stdDeviation="${blur}" result="height"/>` +
      `<feDiffuseLighting in="height" surfaceScale="${3 + puff * 3.4}" diffuseConstant="1" lighting-color="#fff"><feDistantLight azimuth="236" elevation="54"/></feDiffuseLighting>` +
      `<feGaussianBlur stdDeviation="1.4" result="light"/>` +
      `<feComposite in="light" in2="SourceGraphic" operator="arithmetic" k1=".84" k3=".32"/>` +
      `<feComposite operator="in" in2="SourceAlpha" result="lit"/>` +
      shine +
      `<feGaussianBlur in="SourceAlpha" stdDeviation="3"/><feOffset dx="1.6" dy="3.2"/>` +
      `<feColorMatrix values="0 0 0 0 .06 0 0 0 0 .04 0 0 0 0 .05 0 0 0 .34 0" result="shadow"/>` +
      `<feMerge><feMergeNode in="shadow"/><feMergeNode in="lit"/>${gloss ? '<feMergeNode in="shine"/>' : ''}</feMerge></filter>`,
  );
}

const soften = define(
  'soften',
  (id) =>
    `<filter id="${id}" x="-30%" y="-30%" width="160%" height="160%"><feGaussianBlur stdDeviation="4.4"/></filter>`,
);

function folded(d: string, folds: readonly string[]): string {
  const clip = define(`clip ${d}`, (id) => `<clipPath id="${id}"><path d="${d}"/></clipPath>`);
  const lines = folds.join('');
  return (
    `<defs>${clip.markup}${soften.markup}</defs><g clip-path="url(#${clip.id})"><g filter="url(#${soften.id})" fill="none" stroke-linecap="round">` +
    `<path d="${lines}" stroke="#000" stroke-opacity=".3" stroke-width="7"/>` +
    `<path d="${lines}" stroke="#fff" stroke-opacity=".12" stroke-width="8" transform="translate(-9 -4)"/></g></g>`
  );
}

/** One piece, dyed, woven, folded and lit. */
export function sew(fabric: Fabric, piece: Piece): string {
  const { d, dye, grain = 0, folds = [], puff = 1 } = piece;
  const turn = Math.round(grain);
  const weaveName = piece.weave ?? fabric.weave;
  const paint = dye ? undefined : pattern(fabric.pattern, fabric.main.hex, fabric.accent.hex, turn);
  const overlay = weave(weaveName, turn);
  const light = relief(puff, GLOSS[weaveName] ?? 0);
  const defs = [paint, overlay, light].map((x) => x?.markup ?? '').join('');
  const fill = paint ? `url(#${paint.id})` : dye;
  return (
    `<defs>${defs}</defs><g filter="url(#${light.id})"><path d="${d}" fill="${fill}"/>` +
    (overlay ? `<path d="${d}" fill="url(#${overlay.id})"/>` : '') +
    (folds.length > 0 ? folded(d, folds) : '') +
    `</g>`
  );
}

/** The inside of a garment seen through its opening: in shade. */
export const lining = (fabric: Fabric, d: string): string =>
  `<path d="${d}" fill="${darker(fabric.main.hex, 0.38)}"/>`;

/** A pressed seam: a dark line with light beside it. */
export const seam = (...lines: readonly string[]): string =>
  `<g fill="none" stroke-linecap="round"><path d="${lines.join('')}" stroke="#000" stroke-opacity=".36" stroke-width="1.5"/>` +
  `<path d="${lines.join('')}" stroke="#fff" stroke-opacity=".25" stroke-width="1.2" transform="translate(-1.3 -1)"/></g>`;

/** A visible row of stitches. */
export const stitch = (hex: string, ...lines: readonly string[]): string =>
  `<path d="${lines.join('')}" fill="none" stroke="${hex}" stroke-opacity=".85" stroke-width="1.3" stroke-dasharray="4 2.6"/>`;

/** The colour of thread that shows on a fabric. */
export const thread = (fabric: Fabric): string => lighter(fabric.main.hex, 0.35);

export function button(x: number, y: number, r: number, hex: string): string {
  return (
    `<g transform="translate(${x} ${y})"><circle cx=".8" cy="1.6" r="${r}" fill="#000" fill-opacity=".3"/><circle r="${r}" fill="${hex}"/>` +
    `<circle r="${r * 0.72}" fill="none" stroke="#fff" stroke-opacity=".35"/><g fill="${darker(hex, 0.55)}"><circle cx="${-r * 0.25}" cy="${-r * 0.25}" r="${r * 0.13}"/>` +
    `<circle cx="${r * 0.25}" cy="${-r * 0.25}" r="${r * 0.13}"/><circle cx="${-r * 0.25}" cy="${r * 0.25}" r="${r * 0.13}"/><circle cx="${r * 0.25}" cy="${r * 0.25}" r="${r * 0.13}"/></g></g>`
  );
}

/** A zip along a path, closed, with its pull at (x, y). */
export function zip(d: string, x: number, y: number, metal: string): string {
  return (
    `<g fill="none"><path d="${d}" stroke="#000" stroke-opacity=".45" stroke-width="8"/><path d="${d}" stroke="${metal}" stroke-width="4.4" stroke-dasharray="2.2 1.7"/></g>` +
    `<g transform="translate(${x} ${y})" fill="${metal}" stroke="#000" stroke-opacity=".35"><rect x="-4.5" y="-5" width="9" height="11" rx="2.5"/><rect x="-2.6" y="6" width="5.2" height="17" rx="2.4"/></g>`
  );
}

/**
 * The whole garment as cloth: slightly creased, with relaxed straight edges. `crease` is 0 for stiff things and about 1 for
 * a cotton shirt.
 */
export function drape(seed: number, crease: number, art: string): string {
  const filter = define(
    `drape ${seed} ${crease}`,
    (id) =>
      `<filter id="${id}" x="-8%" y="-8%" width="116%" height="116%" color-interpolation-filters="sRGB">` +
      `<feTurbulence type="fractalNoise" baseFrequency=".011 .0075" numOctaves="2" seed="${seed % 9973}" result="noise"/>` +
      `<feDisplacementMap in="SourceGraphic" in2="noise" scale="${4 + crease * 9}" xChannelSelector="R" yChannelSelector="G" result="hung"/>` +
      `<feGaussianBlur in="noise" stdDeviation="2.5"/>` +
      `<feDiffuseLighting surfaceScale="${5 + crease * 14}" diffuseConstant="1" lighting-color="#fff"><feDistantLight azimuth="230" elevation="56"/></feDiffuseLighting>` +
      `<feGaussianBlur stdDeviation="4.5" result="light"/>` +
      `<feComposite in="light" in2="hung" operator="arithmetic" k1=".75" k3=".38"/><feComposite operator="in" in2="hung"/></filter>`,
  );
  return `<defs>${filter.markup}</defs><g filter="url(#${filter.id})">${art}</g>`;
}
