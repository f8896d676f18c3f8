import { hash } from './random.ts';

/** A named definition: give its id to `url(#id)`. Equal content has an equal id, so repeats are harmless. */
export interface Definition {
  readonly id: string;
  readonly markup: string;
}

/** Names a definition after its content; `build` writes the element with that id. */
export function define(content: string, build: (id: string) => string): Definition {
  const id = `d${hash(content).toString(36)}`;
  return { id, markup: build(id) };
}

export type PatternName =
  | 'solid'
  | 'stripe'
  | 'pinstripe'
  | 'wide stripe'
  | 'gingham'
  | 'tartan'
  | 'windowpane'
  | 'dots'
  | 'herringbone'
  | 'houndstooth'
  | 'floral'
  | 'chevron'
  | 'colour block';

interface Tile {
  readonly w: number;
  readonly h: number;
  /** What is drawn over the ground, in the second colour. */
  readonly art: (second: string) => string;
}

const rect = (x: number, y: number, w: number, h: number, fill: string, opacity = 1) =>
  `<rect x="${x}" y="${y}" width="${w}" height="${h}" fill="${fill}" fill-opacity="${opacity}"/>`;
const line = (d: string, stroke: string, width: number, opacity = 1) =>
  `<path d="${d}" fill="none" stroke="${stroke}" stroke-width="${width}" stroke-opacity="${opacity}"/>`;

function flower(x: number, y: number, r: number, turn: number, fill: string): string {
  const petals = [0, 72, 144, 216, 288]
    .map(
      (a) => `<ellipse cx="0" cy="${-r * 0.62}" rx="${r * 0.36}" ry="${r * 0.5}" transform="rotate(${a})"/>`,
    )
    .join('');
  const leaves = [40, 190]
    .map(
      (a) =>
        `<path d="M0 ${-r}q${r * 0.5} ${-r * 0.5} 0 ${-r * 1.1}q${-r * 0.5} ${r * 0.5} 0 ${r * 1.1}" transform="rotate(${a})" opacity=".6"/>`,
    )
    .join('');
  return `<g fill="${fill}" transform="translate(${x} ${y}) rotate(${turn})">${leaves}${petals}<circle r="${r * 0.2}" fill="#f3e3b0"/></g>`;
}

const TILES: Readonly<Partial<Record<PatternName, Tile>>> = {
  stripe: { w: 30, h: 30, art: (c) => rect(0, 0, 30, 10, c) },
  pinstripe: { w: 21, h: 21, art: (c) => rect(0, 0, 2.6, 21, c, 0.9) },
  'wide stripe': { w: 92, h: 92, art: (c) => rect(0, 0, 92, 46, c) },
  gingham: { w: 36, h: 36, art: (c) => rect(0, 0, 18, 36, c, 0.55) + rect(0, 0, 36, 18, c, 0.55) },
  tartan: {
    w: 84,
    h: 84,
    art: (c) =>
      [0, 1]
        .map(
          (turn) =>
            `<g ${turn ? 'transform="matrix(0 1 1 0 0 0)"' : ''}>${rect(0, 0, 30, 84, c, 0.58)}${rect(36, 0, 4, 84, c, 0.65)}${rect(60, 0, 3, 84, '#f1e6cf', 0.75)}</g>`,
        )
        .join(''),
  },
  windowpane: { w: 62, h: 62, art: (c) => rect(0, 0, 4, 62, c, 0.9) + rect(0, 0, 62, 4, c, 0.9) },
  dots: {
    w: 40,
    h: 40,
    art: (c) => `<g fill="${c}"><circle cx="10" cy="10" r="6.2"/><circle cx="30" cy="30" r="6.2"/></g>`,
  },
  herringbone: {
    w: 32,
    h: 14,
    art: (c) => [-14, 0, 14].map((y) => line(`M0 ${y}l16 14l16 -14`, c, 4.2, 0.8)).join(''),
  },
  houndstooth: {
    w: 28,
    h: 28,
    art: (c) =>
      `<path d="M0 0h14v14h-14zM14 0l7 0l-7 7zM28 0v7l-7 7h-7zM0 14h7l-7 7zM14 14v7l-7 7h-7z" fill="${c}"/>`,
  },
  floral: {
    w: 96,
    h: 96,
    art: (c) =>
      flower(26, 30, 17, 10, c) +
      flower(72, 74, 14, 130, c) +
      flower(78, 22, 9, 220, c) +
      flower(22, 78, 8, 60, c),
  },
  chevron: {
    w: 56,
    h: 52,
    art: (c) => [-52, 0, 52].map((y) => line(`M-4 ${y - 3}l32 26l32 -26`, c, 17)).join(''),
  },
};

/** A paint for cloth in two colours; `grain` turns the pattern, in degrees clockwise. */
export function pattern(name: PatternName, first: string, second: string, grain: number): Definition {
  if (name === 'colour block') {
    return define(`block ${first} ${second}`, (id) => {
      const stops = [
        [0, second],
        [0.42, second],
        [0.42, first],
        [1, first],
      ].map(([at, colour]) => `<stop offset="${at}" stop-color="${colour}"/>`);
      return `<linearGradient id="${id}" gradientUnits="userSpaceOnUse" x1="0" y1="-200" x2="0" y2="200">${stops.join('')}</linearGradient>`;
    });
  }
  const tile = TILES[name] ?? { w: 8, h: 8, art: () => '' };
  return define(
    `${name} ${first} ${second} ${grain}`,
    (id) =>
      `<pattern id="${id}" width="${tile.w}" height="${tile.h}" patternUnits="userSpaceOnUse" patternTransform="rotate(${grain})">` +
      `${rect(0, 0, tile.w, tile.h, first)}${tile.art(second)}</pattern>`,
  );
}

export type WeaveName =
  | 'jersey'
  | 'rib'
  | 'knit'
  | 'cable'
  | 'twill'
  | 'cord'
  | 'wool'
  | 'smooth'
  | 'leather';

const WEAVES: Readonly<Partial<Record<WeaveName, Tile>>> = {
  rib: { w: 7, h: 7, art: () => rect(0, 0, 2.4, 7, '#000', 0.2) + rect(3.6, 0, 1.6, 7, '#fff', 0.16) },
  knit: {
    w: 9,
    h: 9,
    art: () =>
      line('M0 0l4.5 5.5l4.5 -5.5', '#000', 1.6, 0.17) + line('M0 3.4l4.5 5.5l4.5 -5.5', '#fff', 1.4, 0.16),
  },
  cable: {
    w: 46,
    h: 40,
    art: () =>
      rect(0, 0, 2.5, 40, '#000', 0.25) +
      rect(38, 0, 2.5, 40, '#000', 0.25) +
      line('M6 -4c0 26 26 22 26 48M32 -4c0 10 -6 14 -10 18M6 44c0 -10 6 -14 10 -18', '#000', 3, 0.22) +
      line('M10 -4c0 22 24 22 24 44', '#fff', 4, 0.2),
  },
  twill: {
    w: 6,
    h: 6,
    art: () => line('M-1 7l8 -8', '#fff', 1.1, 0.17) + line('M-1 4l5 -5M2 7l5 -5', '#000', 0.8, 0.1),
  },
  cord: { w: 10, h: 10, art: () => rect(0, 0, 3, 10, '#000', 0.28) + rect(5, 0, 3, 10, '#fff', 0.14) },
  wool: {
    w: 11,
    h: 11,
    art: () =>
      line('M1 2l3 1M6 5l3 -1M2 8l2 -1.5M8 9l2 1', '#fff', 0.8, 0.1) +
      line('M5 1l2 1M1 5l2 1M5 9l2 -1', '#000', 0.8, 0.09),
  },
};

/** The relief of a weave, to lay over a paint; nothing for a smooth cloth. */
export function weave(name: WeaveName, grain: number): Definition | undefined {
  const tile = WEAVES[name];
  if (!tile) return undefined;
  return define(
    `weave ${name} ${grain}`,
    (id) =>
      `<pattern id="${id}" width="${tile.w}" height="${tile.h}" patternUnits="userSpaceOnUse" patternTransform="rotate(${grain})">${tile.art('')}</pattern>`,
  );
}
