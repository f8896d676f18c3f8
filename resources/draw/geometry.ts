/** Paths. A garment is drawn around (0, 0) in a 480 x 600 frame, y down. */

export type Point = readonly [x: number, y: number];
/** One step of an outline: a line, a quadratic or a cubic curve, the end point last. */
export type Step =
  | Point
  | readonly [cx: number, cy: number, x: number, y: number]
  | readonly [ax: number, ay: number, bx: number, by: number, x: number, y: number];
/** A point of a spine with the half width of the tube around it. */
export type SpinePoint = readonly [x: number, y: number, halfWidth: number];

const round = (x: number) => Math.round(x * 10) / 10 + 0;
const COMMAND = { 2: 'L', 4: 'Q', 6: 'C' } as const;

const end = (step: Step): Point => {
  if (step.length === 2) return step;
  return step.length === 4 ? [step[2], step[3]] : [step[4], step[5]];
};
const controls = (step: Step): Point[] => {
  if (step.length === 2) return [];
  if (step.length === 4) return [[step[0], step[1]]];
  return [
    [step[0], step[1]],
    [step[2], step[3]],
  ];
};

/** An open path: the first step's end is where it starts. */
export function path(...steps: readonly Step[]): string {
  return steps.map((s, i) => (i === 0 ? `M${end(s).map(round)}` : COMMAND[s.length] + s.map(round))).join('');
}

/** A closed path. */
export const shape = (...steps: readonly Step[]): string => `${path(...steps)}Z`;

/** A closed path, symmetric about x = 0, from its right half read from top to bottom. */
export function mirrored(...half: readonly Step[]): string {
  const flip = ([x, y]: Point): Point => [-x, y];
  const last = half.at(-1);
  if (!last) return '';
  let d = path(...half, flip(end(last)));
  for (let i = half.length - 1; i > 0; i--) {
    const step = half[i];
    const target = half[i - 1];
    if (!step || !target) continue;
    const back = [...controls(step).reverse(), end(target)].flatMap(flip);
    d += COMMAND[step.length] + back.map(round);
  }
  return `${d}Z`;
}

/** Cubic steps of a smooth curve through the points (Catmull-Rom), without its first point. */
function through(points: readonly Point[]): Step[] {
  return points.slice(1).map((p, i): Step => {
    const from = points[i] ?? p;
    const before = points[i - 1] ?? from;
    const after = points[i + 2] ?? p;
    return [
      from[0] + (p[0] - before[0]) / 6,
      from[1] + (p[1] - before[1]) / 6,
      p[0] - (after[0] - from[0]) / 6,
      p[1] - (after[1] - from[1]) / 6,
      p[0],
      p[1],
    ];
  });
}

/** A smooth open curve through the points. */
export function curve(...points: readonly Point[]): string {
  const first = points[0];
  return first ? path(first, ...through(points)) : '';
}

/** The outline between two edges that run the same way, each smooth. */
export function between(left: readonly Point[], right: readonly Point[]): string {
  const back = [...right].reverse();
  const first = left[0];
  const turn = back[0];
  return first && turn ? shape(first, ...through(left), turn, ...through(back)) : '';
}

/** The two edges of a tube around a spine. */
export function edges(spine: readonly SpinePoint[]): { left: Point[]; right: Point[] } {
  const left: Point[] = [];
  const right: Point[] = [];
  spine.forEach(([x, y, w], i) => {
    const [ax, ay] = spine[i - 1] ?? [x, y];
    const [bx, by] = spine[i + 1] ?? [x, y];
    const length = Math.hypot(bx - ax, by - ay) || 1;
    const nx = -(by - ay) / length;
    const ny = (bx - ax) / length;
    left.push([x + nx * w, y + ny * w]);
    right.push([x - nx * w, y - ny * w]);
  });
  return { left, right };
}

/** A tube of varying width: a sleeve, a strap, a lace. */
export function tube(...spine: readonly SpinePoint[]): string {
  const { left, right } = edges(spine);
  return between(left, right);
}

export function ellipse(cx: number, cy: number, rx: number, ry: number): string {
  const k = 0.5523;
  return shape(
    [cx - rx, cy],
    [cx - rx, cy - ry * k, cx - rx * k, cy - ry, cx, cy - ry],
    [cx + rx * k, cy - ry, cx + rx, cy - ry * k, cx + rx, cy],
    [cx + rx, cy + ry * k, cx + rx * k, cy + ry, cx, cy + ry],
    [cx - rx * k, cy + ry, cx - rx, cy + ry * k, cx - rx, cy],
  );
}

/** A box with rounded corners, from its top left corner. */
export function box(x: number, y: number, w: number, h: number, r = 0): string {
  return shape(
    [x + r, y],
    [x + w - r, y],
    [x + w, y, x + w, y + r],
    [x + w, y + h - r],
    [x + w, y + h, x + w - r, y + h],
    [x + r, y + h],
    [x, y + h, x, y + h - r],
    [x, y + r],
    [x, y, x + r, y],
  );
}
