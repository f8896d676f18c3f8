import { convertRgbToXyz65, convertXyz65ToLab65 } from 'culori/fn';
import type { CropBox } from '../../contract/search.ts';
import type { MaskedPicture } from './masked.ts';

/** Bins of lightness, of green to red, and of blue to yellow. */
const [L_BINS, A_BINS, B_BINS] = [4, 8, 8];

/**
 * The largest |a*| and |b*| that are told apart. Few fabrics are more saturated, and finer bins tell the many pale ones
 * apart.
 */
const MAX_CHROMA = 64;

/** Every third row and column: one pixel in nine gives the same colours as all of them. */
const STEP = 3;

/**
 * A pixel nearer to the background's colour than the first distance (CIE76) is background; beyond the second it is subject.
 */
const [BACKGROUND, SUBJECT] = [8, 20];

/** Standard deviation, in picture sides, of the weight that favours the middle of the picture. */
const CENTRE_SIGMA = 0.35;

/**
 * When less than this share of the weight remains without the background, subject and background could not be told apart.
 */
const LEAST_SUBJECT = 0.03;

/**
 * Limits of a photo whose colours tell nothing of its subject: below `none` they do not count, from `all` on they do. Of 1,400
 * pictures of shops and customers, in the least colourful one pixel in a hundred had a chroma above 3.3, and in the darkest one
 * pixel in twenty a lightness above 38. In black-and-white photos the chroma is 0.
 */
const COLORED = { none: 1.5, all: 3 } as const;
const LIT = { none: 15, all: 35 } as const;
/**
 * The same of a photo in coloured light: the more colour its brightest pixels have, from `TINT.none` to `TINT.all` of chroma. Of 760
 * real photos none loses trust by this that has not lost it before; photos made dark and yellow or red lose most of it. A red shirt
 * that fills a photo is brighter (bench/README.md).
 */
const LIT_IN_COLOR = { none: 28, all: 42 } as const;
const TINT = { none: 10, all: 30 } as const;
/** The share of a photo that is its brightest. */
const BRIGHTEST = 0.05;

/** How much skin counts beside the rest of a subject. What is taken for skin may be a beige coat, so it counts a little. */
const SKIN = 0.3;

/** Levels of each of red, green and blue. With them a picture has far fewer colours than pixels. */
const LEVELS = 32;

/** CIELAB (D65) of each sRGB level, computed when the colour first occurs. */
const labTable = new Array<Lab | undefined>(LEVELS ** 3);

/** CIELAB (D65): L* from 0 to 100, a* and b*. */
export type Lab = readonly [l: number, a: number, b: number];

/**
 * The colours of a picture's subject: a CIELAB histogram of 4 x 8 x 8 bins (L*, a*, b*), the weight of a pixel split
 * between its nearest bins. Each number is the square root of its bin's share, so the dot product of two signatures
 * is their Bhattacharyya coefficient: 1 for the same colours, 0 for none in common.
 *
 * @param pixels size x size x 3 sRGB bytes
 * @returns 256 numbers from 0 to 1, of unit length
 */
export function colorSignature(pixels: Uint8Array, size: number): Float32Array {
  const { weights, all } = weightsOfLevels(pixels, size);
  const subject = histogram(weights, backgroundColors(pixels, size));
  const { bins, total } = subject.total < LEAST_SUBJECT * all ? histogram(weights, []) : subject;
  return bins.map((weight) => Math.sqrt(weight / total));
}

/**
 * The colours of a picture's subject, as `colorSignature` describes them. Skin counts little: who wears a thing is not the thing.
 * @param part only this part of the picture; default: all of it
 * @returns null where the mask shows no subject
 */
export function subjectSignature(
  { pixels, mask, size }: MaskedPicture,
  part: CropBox = ALL,
): Float32Array | null {
  const { weights, all } = weightsOfLevels(pixels, size, mask, part);
  const seen = weights.reduce((sum, weight) => sum + weight, 0);
  if (seen < LEAST_SUBJECT * all) return null;
  const { bins, total } = histogram(weights.map(lessOfSkin), []);
  return bins.map((weight) => Math.sqrt(weight / total));
}

/**
 * How far the colours of a photo are its subject's: 0 for one without colour, in the dark or in dim coloured light, 1 for most. Bright
 * coloured light is not told: a heap of oranges is as yellow as anything under a yellow lamp.
 * @param pixels as for `colorSignature`
 */
export function colorTrust(pixels: Uint8Array, size: number): number {
  const colors: Lab[] = [];
  for (let y = 0; y < size; y += STEP)
    for (let x = 0; x < size; x += STEP) colors.push(labOf(levelAt(pixels, (y * size + x) * 3)));
  const at = (values: number[], share: number) =>
    values.sort((one, other) => one - other)[Math.floor(share * (values.length - 1))] ?? 0;
  const chroma = at(
    colors.map(([, a, b]) => Math.hypot(a, b)),
    0.99,
  );
  const lightness = at(
    colors.map(([l]) => l),
    1 - BRIGHTEST,
  );
  const tint = between(chromaOfMean(colors.filter(([l]) => l >= lightness)), TINT);
  const limit = (end: 'none' | 'all') => LIT[end] + tint * (LIT_IN_COLOR[end] - LIT[end]);
  return Math.min(between(chroma, COLORED), between(lightness, { none: limit('none'), all: limit('all') }));
}

function chromaOfMean(colors: readonly Lab[]): number {
  const sum = (axis: 1 | 2) => colors.reduce((total, color) => total + color[axis], 0);
  return Math.hypot(sum(1), sum(2)) / Math.max(1, colors.length);
}

/** The weight of a colour level where skin counts less. A subject of one such colour keeps that colour: weights are shares. */
function lessOfSkin(weight: number, level: number): number {
  return weight > 0 && isSkin(labOf(level)) ? SKIN * weight : weight;
}

/** 0 at `none`, 1 at `all`, and in between what lies between them. */
function between(value: number, { none, all }: { none: number; all: number }): number {
  return Math.min(1, Math.max(0, (value - none) / (all - none)));
}

/** The signature of a picture with equal parts of these colours. */
export function signatureOf(colors: readonly Lab[]): Float32Array {
  const bins = new Float32Array(L_BINS * A_BINS * B_BINS);
  for (const color of colors) spread(bins, color, 1 / colors.length);
  return bins.map(Math.sqrt);
}

/** The whole picture. */
const ALL: CropBox = { x: 0, y: 0, width: 1, height: 1 };

/** The weight of each colour level in a picture, or in a part of it. Pixels near the middle weigh most. */
function weightsOfLevels(pixels: Uint8Array, size: number, mask: Float32Array | null = null, part = ALL) {
  const across = priorOf(size, part.x, part.width);
  const down = priorOf(size, part.y, part.height);
  const weights = new Float32Array(LEVELS ** 3);
  let all = 0;
  for (let y = 0; y < size; y += STEP) {
    for (let x = 0; x < size; x += STEP) {
      const level = levelAt(pixels, (y * size + x) * 3);
      const weight = (across[x] ?? 0) * (down[y] ?? 0);
      all += weight;
      const counted = mask ? weight * (mask[y * size + x] ?? 0) : weight;
      weights[level] = (weights[level] ?? 0) + counted;
    }
  }
  return { weights, all };
}

/** How much each row or column counts: most in the middle of the part, nothing outside. */
function priorOf(size: number, from: number, length: number): Float32Array {
  return Float32Array.from({ length: size }, (_, at) => {
    const offset = ((at + 0.5) / size - from) / length - 0.5;
    return Math.abs(offset) > 0.5 ? 0 : Math.exp(-0.5 * (offset / CENTRE_SIGMA) ** 2);
  });
}

/** The histogram without the background's colours, and its total weight. */
function histogram(weights: Float32Array, backgrounds: readonly Lab[]) {
  const bins = new Float32Array(L_BINS * A_BINS * B_BINS);
  let total = 0;
  for (let level = 0; level < weights.length; level++) {
    let weight = weights[level] ?? 0;
    if (weight === 0) continue;
    const lab = labOf(level);
    for (const background of backgrounds) weight *= difference(lab, background);
    if (weight === 0) continue;
    total += weight;
    spread(bins, lab, weight);
  }
  return { bins, total };
}

/** 0 for the background's colour, 1 for a clearly different one. */
function difference(lab: Lab, background: Lab): number {
  return Math.min(1, Math.max(0, (distance(lab, background) - BACKGROUND) / (SUBJECT - BACKGROUND)));
}

/** How different two colours look (CIE76). */
export function distance(one: Lab, other: Lab): number {
  return Math.hypot(one[0] - other[0], one[1] - other[1], one[2] - other[2]);
}

/** Whether a colour may be human skin, light or dark: hues from red to yellow, of some chroma. */
function isSkin([l, a, b]: Lab): boolean {
  const [hue, chroma] = [(Math.atan2(b, a) * 180) / Math.PI, Math.hypot(a, b)];
  return hue >= 25 && hue <= 80 && chroma >= 10 && chroma <= 45 && l >= 25 && l <= 92;
}

/** Adds a weight to the eight bins around a colour; nearer bins get more. */
function spread(bins: Float32Array, [l, a, b]: Lab, weight: number): void {
  const lAt = position(l / 100, L_BINS);
  const aAt = position((a / MAX_CHROMA + 1) / 2, A_BINS);
  const bAt = position((b / MAX_CHROMA + 1) / 2, B_BINS);
  const l0 = lowerBin(lAt, L_BINS);
  const a0 = lowerBin(aAt, A_BINS);
  const b0 = lowerBin(bAt, B_BINS);
  for (let corner = 0; corner < 8; corner++) {
    const dl = corner >> 2;
    const da = (corner >> 1) & 1;
    const db = corner & 1;
    const share = near(lAt, l0 + dl) * near(aAt, a0 + da) * near(bAt, b0 + db);
    const bin = ((l0 + dl) * A_BINS + a0 + da) * B_BINS + b0 + db;
    if (share > 0) bins[bin] = (bins[bin] ?? 0) + share * weight;
  }
}

/** The position of a value among the centres of the bins. */
const position = (fraction: number, count: number): number =>
  Math.min(count - 1, Math.max(0, fraction * count - 0.5));

const lowerBin = (at: number, count: number): number => Math.min(count - 2, Math.floor(at));

const near = (at: number, bin: number): number => 1 - Math.abs(at - bin);

/**
 * The colours that two corners share. A subject seldom covers two corners, while it often crosses the middle of an edge. In
 * a cluttered scene no two corners agree, so nothing is taken for background.
 */
export function backgroundColors(pixels: Uint8Array, size: number): Lab[] {
  const side = Math.max(1, Math.floor(size / 10));
  const far = size - side;
  const corners = [
    cornerColor(pixels, size, 0, 0, side),
    cornerColor(pixels, size, far, 0, side),
    cornerColor(pixels, size, 0, far, side),
    cornerColor(pixels, size, far, far, side),
  ];
  return corners.filter((one) => corners.some((other) => other !== one && difference(one, other) === 0));
}

/** The median colour of a corner, which a subject at its edge does not change. */
function cornerColor(pixels: Uint8Array, size: number, left: number, top: number, side: number): Lab {
  const [ls, as, bs]: [number[], number[], number[]] = [[], [], []];
  for (let y = top; y < top + side; y += STEP) {
    for (let x = left; x < left + side; x += STEP) {
      const [l, a, b] = labOf(levelAt(pixels, (y * size + x) * 3));
      ls.push(l);
      as.push(a);
      bs.push(b);
    }
  }
  return [median(ls), median(as), median(bs)];
}

function median(values: number[]): number {
  return values.sort((one, other) => one - other)[values.length >> 1] ?? 0;
}

/** The colour of the nth pixel. */
export function labAt(pixels: Uint8Array, n: number): Lab {
  return labOf(levelAt(pixels, n * 3));
}

/** The index of a pixel's colour among the `LEVELS` cubed. */
function levelAt(pixels: Uint8Array, offset: number): number {
  return (level(pixels[offset]) << 10) | (level(pixels[offset + 1]) << 5) | level(pixels[offset + 2]);
}

function level(byte = 0): number {
  return byte >> 3;
}

function labOf(number: number): Lab {
  const known = labTable[number];
  if (known) return known;
  const [r, g, b] = [number >> 10, (number >> 5) & 31, number & 31].map((value) => value / (LEVELS - 1));
  const lab = convertXyz65ToLab65(convertRgbToXyz65({ r: r ?? 0, g: g ?? 0, b: b ?? 0 }));
  const made: Lab = [lab.l, lab.a, lab.b];
  labTable[number] = made;
  return made;
}
