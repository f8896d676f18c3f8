import * as Plot from '@observablehq/plot';
import { SWATCHES } from './swatches.ts';

/** Prices of a range in one strip: how many are of each price. */
export interface Strip {
  /** Each once, the lowest first. */
  prices: readonly { price: number; count: number }[];
  /** Null: it has no price. */
  median: number | null;
}

/** A line of a plot: what is compared, and its two strips. */
export interface Line {
  name: string;
  theirs: Strip;
  ours: Strip;
}

export interface Paper {
  /** Makes the elements: the page's own, or one without a page. */
  document: Document;
  /** Pixels. The plot is as high as its lines need. */
  width: number;
  /** A price in words, for the axis and the medians. */
  words: (price: number) => string;
}

const SIDES = ['theirs', 'ours'] as const;
type Side = (typeof SIDES)[number];

/** One price of one strip. */
interface Mark {
  name: string;
  side: Side;
  price: number;
  count: number;
}

const LINE = 34;
/** Room for the names of lines, and of sides beside them. */
const NAMES = { wide: 150, narrow: 104 } as const;
const NARROW = 560;
/** Room for the medians in words. */
const MEDIANS = 62;
/** Of a competitor, and of ours: told apart by their places and words too. */
const TINTS = 'var(--plot-theirs, #a4501f)';

/**
 * Draws lines of two strips each, theirs above ours: a tick for each price, the darker the more there are, a hairline from the
 * lowest to the highest, and the median, whose price stands at the right. It is an SVG in `currentColor` and the font around it, hidden from
 * screen readers: a table says the same in words.
 */
export function drawPrices(lines: readonly Line[], paper: Paper): Element {
  const marks = marksOf(lines);
  const most = Math.max(1, ...marks.map(({ count }) => count));
  return draw(lines, paper, [
    hairlines(lines),
    Plot.tickX(marks, {
      ...AT,
      stroke: tintOf,
      strokeOpacity: ({ count }: Mark) => 0.35 + (0.5 * count) / most,
      strokeWidth: 1.5,
      insetTop: 3,
      insetBottom: 3,
    }),
    ...medians(lines, paper),
  ]);
}

/** The same with a spot for each price in the colour that the line is named after, the larger the more there are. */
export function drawColors(lines: readonly Line[], paper: Paper): Element {
  const marks = marksOf(lines);
  const spot = { ...AT, r: ({ count }: Mark) => Math.min(7, 2.5 + Math.sqrt(count)) };
  const fill = ({ name }: Mark) => SWATCHES[name] ?? 'currentColor';
  return draw(lines, paper, [
    hairlines(lines),
    Plot.dot(marks, {
      ...spot,
      fill,
      fillOpacity: 0.9,
      stroke: 'currentColor',
      strokeOpacity: 0.45,
      strokeWidth: 0.75,
    }),
    ...medians(lines, paper),
  ]);
}

const AT = { x: 'price', y: 'side', fy: 'name' } as const;
const tintOf = ({ side }: { side: Side }) => (side === 'theirs' ? TINTS : 'currentColor');

function marksOf(lines: readonly Line[]): Mark[] {
  return lines.flatMap((line) =>
    SIDES.flatMap((side) =>
      line[side].prices.map(({ price, count }) => ({ name: line.name, side, price, count })),
    ),
  );
}

/** From the lowest to the highest price of each strip. */
function hairlines(lines: readonly Line[]) {
  const spans = lines.flatMap(({ name, ...line }) =>
    SIDES.flatMap((side) => {
      const [low, high] = [line[side].prices[0], line[side].prices.at(-1)];
      return low && high ? [{ name, side, low: low.price, high: high.price }] : [];
    }),
  );
  return Plot.ruleY(spans, {
    x1: 'low',
    x2: 'high',
    y: 'side',
    fy: 'name',
    strokeOpacity: 0.35,
    strokeWidth: 0.75,
  });
}

function medians(lines: readonly Line[], { words }: Paper) {
  const points = lines.flatMap((line) =>
    SIDES.flatMap((side) => {
      const { median } = line[side];
      return median === null ? [] : [{ name: line.name, side, price: median }];
    }),
  );
  return [
    Plot.tickX(points, { ...AT, stroke: tintOf, strokeWidth: 2.5 }),
    Plot.text(points, {
      y: 'side',
      fy: 'name',
      text: ({ price }) => words(price),
      frameAnchor: 'right',
      textAnchor: 'end',
      dx: MEDIANS,
      fill: 'currentColor',
    }),
  ];
}

function draw(lines: readonly Line[], { document, width, words }: Paper, marks: Plot.Markish[]): Element {
  const names = lines.map(({ name }) => name);
  const room = width < NARROW ? NAMES.narrow : NAMES.wide;
  const svg = Plot.plot({
    document,
    width,
    height: 34 + LINE * lines.length,
    marginLeft: room,
    marginRight: MEDIANS,
    marginTop: 4,
    marginBottom: 30,
    style: { fontFamily: 'inherit', fontSize: '11px', background: 'none', overflow: 'visible' },
    x: { nice: true, label: null, zero: false },
    y: { domain: SIDES, label: null, padding: 0.1 },
    fy: { domain: names, axis: null, padding: 0.12 },
    marks: [
      Plot.gridX({ strokeOpacity: 0.08, ticks: 6 }),
      Plot.axisX({ ticks: 6, tickSize: 0, tickFormat: words, fillOpacity: 0.75, anchor: 'bottom' }),
      Plot.axisY({ tickSize: 0, tickPadding: 6, fontSize: 10, fillOpacity: 0.65 }),
      Plot.text(names, {
        fy: (name: string) => name,
        text: (name: string) => shortened(name, (room - 46) / 6),
        frameAnchor: 'left',
        dx: -room,
        fontWeight: 600,
        textAnchor: 'start',
      }),
      ...marks,
    ],
  });
  svg.setAttribute('aria-hidden', 'true');
  return svg;
}

/** A name that fits: about so many characters. */
function shortened(name: string, most: number): string {
  const characters = [...name];
  return characters.length <= most
    ? name
    : `${characters
        .slice(0, Math.floor(most) - 1)
        .join('')
        .trimEnd()}…`;
}
