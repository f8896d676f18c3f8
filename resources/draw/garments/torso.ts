/** Shared by everything with sleeves: a body, its sleeves, its neckline. */
import { type Fabric, lining, type Piece, seam, sew, type View } from '../cloth.ts';
import {
  between,
  curve,
  edges,
  mirrored,
  type Point,
  type SpinePoint,
  type Step,
  tube,
} from '../geometry.ts';
import { darker } from '../palette.ts';
import type { WeaveName } from '../patterns.ts';

/** Half widths and heights of a body, in frame units from its top edge. */
export interface Torso {
  readonly top: number;
  readonly length: number;
  readonly neck: number;
  /** Depth of the neckline below the top. */
  readonly neckDrop: number;
  readonly neckline: 'round' | 'v';
  readonly shoulder: number;
  readonly slope: number;
  readonly chest: number;
  /** Depth of the armhole below the top. */
  readonly armhole: number;
  readonly waist: number;
  readonly hem: number;
  /** How far the hem dips (positive) or rises at the centre. */
  readonly hemDip: number;
}

const neckSteps = (t: Torso, drop: number): Step[] => {
  const y = t.top + drop;
  return t.neckline === 'v'
    ? [
        [0, y],
        [t.neck * 0.55, y - drop * 0.45, t.neck, t.top],
      ]
    : [
        [0, y],
        [t.neck * 0.62, y, t.neck * 0.94, t.top + drop * 0.42, t.neck, t.top],
      ];
};

const sideSteps = (t: Torso): Step[] => {
  const arm = t.top + t.armhole;
  const bottom = t.top + t.length;
  const waistY = arm + (t.length - t.armhole) * 0.45;
  return [
    [(t.neck + t.shoulder) / 2, t.top + t.slope * 0.35, t.shoulder, t.top + t.slope],
    [t.shoulder - 8, t.top + t.slope + 30, t.shoulder - 6, arm - 18, t.chest, arm],
    [t.chest - 1, arm + 30, t.waist, waistY - 40, t.waist, waistY],
    [t.waist, waistY + 50, t.hem, bottom - 40, t.hem, bottom - 3],
    [t.hem * 0.6, bottom + t.hemDip, 0, bottom + t.hemDip],
  ];
};

export const bodyPath = (t: Torso, back: boolean): string =>
  mirrored(...neckSteps(t, back ? Math.min(10, t.neckDrop) : t.neckDrop), ...sideSteps(t));

/** One half of an open front: `gap` is how far its edge stands from the centre at the hem. */
export function frontPath(t: Torso, side: 1 | -1, gap: number): string {
  const half: Step[] = [
    [gap * 0.4 - 2, t.top + t.neckDrop],
    ...neckSteps(t, t.neckDrop).slice(1),
    ...sideSteps(t).slice(0, -1),
  ];
  const outline: Step[] = [
    ...half,
    [t.hem * 0.6, t.top + t.length + t.hemDip, gap, t.top + t.length + t.hemDip],
  ];
  return flipped(outline, side);
}

function flipped(steps: readonly Step[], side: 1 | -1): string {
  const text = steps.map((s, i) => {
    const numbers = s.map((v, k) => Math.round((k % 2 === 0 ? v * side : v) * 10) / 10);
    if (i === 0) return `M${numbers.slice(-2)}`;
    return (numbers.length === 2 ? 'L' : numbers.length === 4 ? 'Q' : 'C') + numbers;
  });
  return `${text.join('')}Z`;
}

export interface Sleeve {
  readonly length: number;
  /** Half width at the end. */
  readonly cuff: number;
  /** Degrees away from straight down. */
  readonly angle: number;
  /** Degrees the forearm turns back towards the body. */
  readonly bend: number;
  /** Height of a ribbed or buttoned cuff; 0 for a plain hem. */
  readonly band: number;
  readonly bandWeave?: WeaveName;
  readonly bandDye?: string;
  readonly puff?: number;
}

const turned = (from: Point, degrees: number, length: number): Point => {
  const a = (degrees * Math.PI) / 180;
  return [from[0] + Math.sin(a) * length, from[1] + Math.cos(a) * length];
};

/** One sleeve; `side` is 1 for the right of the picture. */
export function sleeve(fabric: Fabric, t: Torso, s: Sleeve, side: 1 | -1): string {
  const flip = ([x, y]: Point): Point => [x * side, y];
  const shoulder: Point = [t.shoulder - 3, t.top + t.slope];
  const under: Point = [t.chest - 3, t.top + t.armhole];
  const inside: Point = [t.shoulder - 34, t.top + t.armhole * 0.6];
  const start: Point = [(shoulder[0] + under[0]) / 2, (shoulder[1] + under[1]) / 2];
  const forearm = s.angle - s.bend;
  const wrist = s.length - s.band;
  const elbow = turned(start, s.angle, wrist * 0.5);
  const end = turned(elbow, forearm, wrist * 0.5);
  const half = Math.hypot(shoulder[0] - under[0], shoulder[1] - under[1]) / 2;
  const spine: SpinePoint[] = [
    [...elbow, half * 0.42 + s.cuff * 0.52],
    [...end, s.cuff],
  ];
  const { left, right } = edges([[...start, half], ...spine]);
  const outer = [shoulder, ...right.slice(1)].map(flip);
  const inner = [inside, under, ...left.slice(1)].map(flip);
  const grain = -(s.angle + forearm) * 0.5 * side;
  const fold = (from: Point, to: Point) =>
    curve(flip(from), flip([(from[0] + to[0]) / 2, (from[1] + to[1]) / 2 + 5]), flip(to));
  const folds =
    s.length < 160
      ? []
      : [
          fold([elbow[0] + s.cuff, elbow[1] - 18], [elbow[0] - s.cuff * 0.6, elbow[1] - 2]),
          fold([elbow[0] + s.cuff, elbow[1] + 14], [elbow[0] - s.cuff * 0.4, elbow[1] + 20]),
          fold([under[0] + 6, under[1] - 20], [elbow[0] - 6, elbow[1] - 30]),
        ];
  const arm = sew(fabric, { d: between(outer, inner), grain, folds, puff: s.puff ?? 1 });
  if (s.band === 0) {
    const hem = edges([
      [...turned(end, forearm, -12), s.cuff + 1],
      [...end, s.cuff],
    ]);
    const a = hem.left[0];
    const b = hem.right[0];
    return a && b ? arm + seam(curve(flip(a), flip(b))) : arm;
  }
  const tip = turned(end, forearm, s.band);
  const near = turned(end, forearm, -3);
  const cuff: Piece = {
    d: tube([near[0] * side, near[1], s.cuff * 0.94], [tip[0] * side, tip[1], s.cuff * 0.86]),
    grain: -forearm * side,
    puff: 0.8,
    ...(s.bandWeave ? { weave: s.bandWeave } : {}),
    ...(s.bandDye ? { dye: s.bandDye } : {}),
  };
  return arm + sew(fabric, cuff);
}

export const sleeves = (fabric: Fabric, t: Torso, s: Sleeve): string =>
  sleeve(fabric, t, { ...s, angle: s.angle + (fabric.seed % 5) }, 1) + sleeve(fabric, t, s, -1);

/** The inside of the back, seen above the front neckline. */
export function backNeck(fabric: Fabric, t: Torso): string {
  const d = mirrored(
    [0, t.top + 2],
    [t.neck * 0.6, t.top + 1, t.neck + 4, t.top - 1],
    [t.neck, t.top + t.neckDrop],
    [0, t.top + t.neckDrop + 14],
  );
  return (
    lining(fabric, d) +
    `<rect x="-11" y="${t.top + 9}" width="22" height="12" rx="1.5" fill="#f3efe6" fill-opacity=".85"/>`
  );
}

/** A band along the neckline, `width` wide. */
export function neckBand(fabric: Fabric, t: Torso, view: View, width: number, dye?: string): string {
  const drop = view.back ? Math.min(10, t.neckDrop) : t.neckDrop;
  const at = t.neckline === 'v' ? [0, 0.35, 0.7, 1] : [0, 0.3, 0.6, 0.85, 1];
  const depth = (u: number) => (t.neckline === 'v' ? 1 - u : Math.sqrt(Math.max(0, 1 - u * u)));
  const half = at.map(
    (u): SpinePoint => [
      (t.neck - width * 0.45) * u,
      t.top + drop * depth(u) - width * 0.4 * depth(u),
      width / 2,
    ],
  );
  const spine = [
    ...half
      .slice(1)
      .reverse()
      .map(([x, y, w]): SpinePoint => [-x, y, w]),
    ...half,
  ];
  return sew(fabric, {
    d: tube(...spine),
    weave: 'rib',
    puff: 0.4,
    dye: dye ?? darker(fabric.main.hex, 0.08),
  });
}

/** The folds of a body of cloth: from under the arms, and up from the hem. */
export function bodyFolds(t: Torso, seed: number): string[] {
  const arm = t.top + t.armhole;
  const bottom = t.top + t.length;
  const lean = ((seed % 17) - 8) * 1.6;
  return [
    curve([t.chest - 2, arm + 6], [t.chest * 0.66, arm + 34], [t.chest * 0.4 + lean, arm + 44]),
    curve([-t.chest + 2, arm + 8], [-t.chest * 0.7, arm + 44], [-t.chest * 0.48 + lean, arm + 62]),
    curve([t.hem * 0.5 + lean, bottom], [t.hem * 0.46, bottom - 60], [t.hem * 0.56, bottom - 120]),
    curve([-t.hem * 0.58 + lean, bottom], [-t.hem * 0.5, bottom - 46], [-t.hem * 0.62, bottom - 96]),
    curve(
      [-t.waist, bottom - t.length * 0.36],
      [-t.waist * 0.7, bottom - t.length * 0.33],
      [-t.waist * 0.36, bottom - t.length * 0.36 + lean],
    ),
  ];
}

/** A line across the body at height y, inside its side seams. */
export const across = (half: number, y: number, dip = 2): string =>
  curve([-half, y], [0, y + dip], [half, y]);
