/** Places where a customer takes a photo, and things that are there. All are drawn from the front; the camera tilts them. */
import { curve, ellipse } from './geometry.ts';
import { blend, darker, lighter } from './palette.ts';
import { define } from './patterns.ts';
import { random } from './random.ts';

/** Draws a background `w` x `h` pixels from (0, 0). */
type Setting = (w: number, h: number, seed: number) => string;

const rect = (x: number, y: number, w: number, h: number, fill: string, extra = '') =>
  `<rect x="${x.toFixed(1)}" y="${y.toFixed(1)}" width="${w.toFixed(1)}" height="${h.toFixed(1)}" fill="${fill}" ${extra}/>`;

/** Uneven grain over a surface: `fx` and `fy` are its frequencies across and down. */
function grain(w: number, h: number, fx: number, fy: number, strength: number): string {
  const filter = define(
    `grain ${fx} ${fy} ${strength}`,
    (id) =>
      `<filter id="${id}" x="0" y="0" width="100%" height="100%" color-interpolation-filters="sRGB"><feTurbulence type="fractalNoise" baseFrequency="${fx} ${fy}" numOctaves="3" seed="5"/>` +
      `<feColorMatrix values="0 0 0 0 .1 0 0 0 0 .08 0 0 0 0 .06 ${strength} 0 0 0 ${-strength * 0.36}"/></filter>`,
  );
  return `<defs>${filter.markup}</defs>${rect(0, 0, w, h, '#000', `filter="url(#${filter.id})"`)}`;
}

const soft = define(
  'soft shadow',
  (id) =>
    `<filter id="${id}" x="-40%" y="-40%" width="180%" height="180%"><feGaussianBlur stdDeviation="14"/></filter>`,
);
const shadow = (d: string, opacity: number) =>
  `<defs>${soft.markup}</defs><path d="${d}" fill="#17110c" fill-opacity="${opacity}" filter="url(#${soft.id})"/>`;

function planks(w: number, h: number, seed: number, wood: string): string {
  const next = random(seed);
  let art = rect(0, 0, w, h, wood);
  for (let y = 0; y < h; y += 118) {
    for (let x = -next() * 400; x < w; x += 520) {
      art += rect(x, y, 516, 115, blend(darker(wood, 0.16), lighter(wood, 0.14), next()));
    }
    art += rect(0, y - 3, w, 4, darker(wood, 0.5));
  }
  return art + grain(w, h, 0.004, 0.09, 0.6);
}

const woodFloor: Setting = (w, h, seed) => planks(w, h, seed, '#a98560');
const darkFloor: Setting = (w, h, seed) => planks(w, h, seed, '#6d5342');

const rug: Setting = (w, h, seed) => {
  const bands = [0.1, 0.16, 0.84, 0.9]
    .map((v) => rect(w * 0.07, h * v, w * 0.86, 16, '#8d5b4a', 'opacity=".7"'))
    .join('');
  return (
    planks(w, h, seed, '#8f7053') +
    shadow(`M${w * 0.06} ${h * 0.07}h${w * 0.9}v${h * 0.9}h${-w * 0.9}z`, 0.4) +
    rect(w * 0.05, h * 0.05, w * 0.9, h * 0.9, '#cfc3ae') +
    bands +
    grain(w, h, 0.16, 0.16, 0.5)
  );
};

const wall =
  (paint: string, floor: string): Setting =>
  (w, h) =>
    rect(0, 0, w, h, paint) +
    grain(w, h, 0.02, 0.02, 0.25) +
    rect(0, h * 0.88, w, h * 0.12, floor) +
    rect(0, h * 0.85, w, h * 0.035, lighter(paint, 0.5)) +
    shadow(`M0 ${h * 0.88}h${w}v26h${-w}z`, 0.5);

const bed: Setting = (w, h, seed) => {
  const next = random(seed);
  const linen = '#d9d6d0';
  const creases = Array.from({ length: 16 }, () => {
    const x = next() * w;
    const y = next() * h;
    return curve(
      [x, y],
      [x + 120 * (next() - 0.3), y + 90 * next()],
      [x + 260 * (next() - 0.3), y + 190 * next()],
    );
  }).join('');
  return (
    rect(0, 0, w, h, linen) +
    `<defs>${soft.markup}</defs><g filter="url(#${soft.id})" fill="none"><path d="${creases}" stroke="#6f6a66" stroke-opacity=".4" stroke-width="22"/><path d="${creases}" stroke="#fff" stroke-opacity=".6" stroke-width="20" transform="translate(-20 -16)"/></g>` +
    shadow(`M${w * 0.04} 0h${w * 0.5}v${h * 0.15}h${-w * 0.5}z`, 0.3) +
    `<path d="M${w * 0.02} -20h${w * 0.5}q30 ${h * 0.1} -10 ${h * 0.14}h${-w * 0.46}q-40 -40 -20 -${h * 0.14}z" fill="#c3ccd0"/>`
  );
};

const pavement: Setting = (w, h, seed) => {
  const next = random(seed);
  let art = rect(0, 0, w, h, '#8d8a86');
  for (let y = 0; y < h; y += 300)
    for (let x = (y / 300) % 2 ? -150 : 0; x < w; x += 300)
      art += rect(x + 3, y + 3, 294, 294, blend('#85827e', '#a3a09a', next()));
  for (let i = 0; i < 12; i++)
    art += `<path d="M0 0q16 -20 34 0q-16 20 -34 0z" fill="${['#a5733a', '#8b5a2c', '#7d7a3c'][i % 3]}" transform="translate(${(next() * w).toFixed(0)} ${(next() * h).toFixed(0)}) rotate(${(next() * 360).toFixed(0)})"/>`;
  return art + grain(w, h, 0.3, 0.3, 0.7);
};

const table: Setting = (w, h) =>
  rect(0, 0, w, h, '#6a625b') +
  grain(w, h, 0.03, 0.03, 0.3) +
  shadow(`M${w * 0.02} ${h * 0.1}h${w}v${h * 0.9}h${-w}z`, 0.6) +
  rect(w * 0.03, h * 0.06, w * 0.98, h * 0.96, '#c9b694') +
  grain(w, h, 0.003, 0.05, 0.4);

const shelf: Setting = (w, h) => {
  const board = (y: number) =>
    rect(0, y, w, 34, '#a98c68') +
    rect(0, y + 30, w, 8, '#6f5a41') +
    shadow(`M0 ${y + 38}h${w}v30h${-w}z`, 0.45);
  return rect(0, 0, w, h, '#cdc5b8') + grain(w, h, 0.01, 0.01, 0.3) + board(h * 0.08) + board(h * 0.86);
};

const rail: Setting = (w, h) =>
  wall('#b9b2a6', '#7a6a58')(w, h, 0) +
  rect(0, h * 0.045, w, 16, '#3a3835') +
  rect(0, h * 0.047, w, 4, '#8d8a85');

export const SETTINGS = {
  woodFloor,
  darkFloor,
  rug,
  hallway: wall('#a7ab9e', '#6d5a49'),
  bedroom: wall('#c0ae9f', '#8b7258'),
  bed,
  pavement,
  table,
  shelf,
  rail,
} as const;

/** A thing in the scene, drawn around (0, 0), about 200 pixels in size. */
export const PROPS = {
  mug:
    shadow(ellipse(8, 12, 72, 72), 0.5) +
    `<path d="M60 -16h52q20 0 20 18t-20 18h-52z" fill="#d8d2c6"/><circle r="68" fill="#e6e1d6"/><circle r="56" fill="#b8b0a2"/><circle r="52" fill="#4b2f1e"/><path d="M-34 -20a40 40 0 0 1 40 -22" stroke="#8a6243" stroke-width="6" fill="none"/>`,
  phone:
    shadow('M-58 -112h122v232h-122z', 0.5) +
    '<rect x="-60" y="-120" width="120" height="236" rx="20" fill="#1f2023"/><rect x="-53" y="-112" width="106" height="220" rx="14" fill="#34404e"/><path d="M-53 40l106 -90v144q0 14 -14 14h-78q-14 0 -14 -14z" fill="#4f6a7a"/>',
  book:
    shadow('M-90 -112h190v240h-190z', 0.5) +
    '<rect x="-96" y="-120" width="190" height="240" rx="4" fill="#7c3f35"/><rect x="-70" y="-80" width="138" height="60" fill="#e2d3b5"/><rect x="-96" y="-120" width="16" height="240" fill="#5e2d26"/>',
  plant:
    '<g fill="#5d7a53"><path d="M0 120q-20 -150 -110 -190q120 10 118 190z"/><path d="M4 120q10 -170 -10 -240q60 90 24 240z" fill="#49653f"/><path d="M8 120q0 -140 110 -180q-70 60 -96 182z" fill="#6f8d61"/></g><path d="M-62 110h130l-14 110h-102z" fill="#b06f4d"/><path d="M-68 100h142v26h-142z" fill="#c07d59"/>',
  box:
    shadow('M-124 -84h260v190h-260z', 0.5) +
    '<rect x="-130" y="-90" width="260" height="180" fill="#b08d63"/><rect x="-138" y="-98" width="276" height="54" fill="#c29f74"/><rect x="-40" y="-20" width="84" height="50" fill="#eee7d8"/><path d="M-30 -6h60M-30 8h40" stroke="#555" stroke-width="5"/>',
  keys: '<g fill="none" stroke="#b9a56b" stroke-width="9"><circle r="26"/><path d="M20 18l70 66l14 -14M74 70l12 -14"/><path d="M-4 26l16 90h20M10 96h16" stroke="#8f9296"/></g>',
  poster:
    shadow('M-112 -152h240v320h-240z', 0.35) +
    '<rect x="-120" y="-160" width="240" height="320" fill="#453c34"/><rect x="-106" y="-146" width="212" height="292" fill="#e7dfd0"/><circle cx="-10" cy="-30" r="66" fill="#c98a5b"/><path d="M-106 60q100 -70 212 10v76h-212z" fill="#6f7f7a"/>',
  glasses:
    '<g fill="none" stroke="#2b2523" stroke-width="10"><rect x="-96" y="-30" width="84" height="62" rx="24" fill="#55493f" fill-opacity=".5"/><rect x="14" y="-30" width="84" height="62" rx="24" fill="#55493f" fill-opacity=".5"/><path d="M-12 -10q13 -12 26 0M-96 -12l-26 -40M98 -12l26 -40"/></g>',
  hanger:
    '<path d="M0 0v-24q-2 -34 22 -36q24 4 14 30" fill="none" stroke="#8d8a85" stroke-width="7"/><path d="M-150 66Q-20 6 0 0Q20 6 150 66" fill="none" stroke="#8a6846" stroke-width="17" stroke-linecap="round"/>',
} as const;
