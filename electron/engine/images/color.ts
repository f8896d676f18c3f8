import { convertRgbToXyz65, convertXyz65ToLab65 } from 'culori/fn';

/** Bins of lightness, of green to red, and of blue to yellow. */
const [L_BINS, A_BINS, B_BINS] = [4, 8, 8];

/** The largest |a*| and |b*| told apart: few fabrics are stronger, and finer bins tell the many pale ones apart. */
const MAX_CHROMA = 64;

/** One pixel in nine says the same about colour as all of them. */
const STEP = 3;

/** Below the first distance (CIE76) from the background's colour a pixel is background, above the second subject. */
const [BACKGROUND, SUBJECT] = [8, 20];

/** The spread of the weight that favours the middle of the picture, in picture sides. */
const CENTRE_SIGMA = 0.35;

/** When less than this share of the weight is left without the background, there was no telling them apart. */
const LEAST_SUBJECT = 0.03;

/** CIELAB (D65) of 32 x 32 x 32 levels of sRGB, three numbers a level, filled in as colours turn up. */
const labTable = new Float32Array(32 ** 3 * 3).fill(Number.NaN);

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
  const all = weighted(pixels, size, []);
  const backgrounds = backgroundColors(pixels, size);
  const subject = backgrounds.length > 0 ? weighted(pixels, size, backgrounds) : all;
  const { bins, total } = subject.total < LEAST_SUBJECT * all.total ? all : subject;
  return bins.map((weight) => Math.sqrt(weight / total));
}

/** The signature of a picture that has these colours in equal parts. */
export function signatureOf(colors: readonly Lab[]): Float32Array {
  const bins = new Float32Array(L_BINS * A_BINS * B_BINS);
  for (const color of colors) spread(bins, color, 1 / colors.length);
  return bins.map(Math.sqrt);
}

/** The histogram without what has a background's colour, and the weight in it. */
function weighted(pixels: Uint8Array, size: number, backgrounds: readonly Lab[]) {
  const bins = new Float32Array(L_BINS * A_BINS * B_BINS);
  const prior = Float32Array.from({ length: size }, (_, at) => {
    const offset = (at + 0.5) / size - 0.5;
    return Math.exp(-0.5 * (offset / CENTRE_SIGMA) ** 2);
  });
  let total = 0;
  for (let y = 0; y < size; y += STEP) {
    for (let x = 0; x < size; x += STEP) {
      const lab = labAt(pixels, (y * size + x) * 3);
      let weight = (prior[x] ?? 0) * (prior[y] ?? 0);
      for (const background of backgrounds) weight *= difference(lab, background);
      if (weight === 0) continue;
      total += weight;
      spread(bins, lab, weight);
    }
  }
  return { bins, total };
}

/** 0 for the background's colour, 1 for one that is clearly another. */
function difference(lab: Lab, background: Lab): number {
  const distance = Math.hypot(lab[0] - background[0], lab[1] - background[1], lab[2] - background[2]);
  return Math.min(1, Math.max(0, (distance - BACKGROUND) / (SUBJECT - BACKGROUND)));
}

/** Adds a weight to the eight bins around a colour, the nearer the more. No arrays: this runs 5,000 times a picture. */
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

/** Where a value lies among the middles of the bins. */
const position = (fraction: number, count: number): number =>
  Math.min(count - 1, Math.max(0, fraction * count - 0.5));

const lowerBin = (at: number, count: number): number => Math.min(count - 2, Math.floor(at));

const near = (at: number, bin: number): number => 1 - Math.abs(at - bin);

/**
 * The colours that two corners have in common. A subject seldom reaches two corners, while it often runs through the
 * middle of an edge; and in a cluttered scene no two corners agree, so nothing is taken for background.
 */
function backgroundColors(pixels: Uint8Array, size: number): Lab[] {
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

/** The median colour of a corner, which what pokes into it does not move. */
function cornerColor(pixels: Uint8Array, size: number, left: number, top: number, side: number): Lab {
  const [ls, as, bs]: [number[], number[], number[]] = [[], [], []];
  for (let y = top; y < top + side; y += STEP) {
    for (let x = left; x < left + side; x += STEP) {
      const [l, a, b] = labAt(pixels, (y * size + x) * 3);
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

function labAt(pixels: Uint8Array, offset: number): Lab {
  const [r, g, b] = [level(pixels[offset]), level(pixels[offset + 1]), level(pixels[offset + 2])];
  const entry = ((r << 10) | (g << 5) | b) * 3;
  if (Number.isNaN(labTable[entry])) {
    const lab = convertXyz65ToLab65(convertRgbToXyz65({ r: r / 31, g: g / 31, b: b / 31 }));
    labTable.set([lab.l, lab.a, lab.b], entry);
  }
  return [labTable[entry] ?? 0, labTable[entry + 1] ?? 0, labTable[entry + 2] ?? 0];
}

function level(byte = 0): number {
  return byte >> 3;
}
