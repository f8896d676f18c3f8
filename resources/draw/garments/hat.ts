import { button, drape, type Fabric, type Garment, lining, type Piece, seam, sew, stitch } from '../cloth.ts';
import { curve, ellipse, mirrored, path, shape } from '../geometry.ts';
import { darker, lighter } from '../palette.ts';
import { random } from '../random.ts';

export interface Cap {
  readonly cut: 'baseball' | 'five-panel' | 'trucker' | 'bucket';
  readonly badge?: 'square' | 'round';
}

function badgeOf(kind: Cap['badge'], fabric: Fabric): string {
  if (!kind) return '';
  const d = kind === 'round' ? ellipse(-16, -20, 34, 34) : shape([-56, -44], [30, -48], [32, 6], [-55, 10]);
  return (
    sew(fabric, { d, dye: fabric.accent.hex, puff: 0.4 }) +
    `<path d="M-40 -10l16 -22l10 13l8 -9l18 22z" fill="${fabric.main.hex}"/>`
  );
}

function bucketHat(fabric: Fabric, turn: number): string {
  const brim = shape(
    [-126, 24],
    [-180, 60, -206, 110, -196, 132],
    [-120, 176, 110, 178, 196, 132],
    [208, 108, 180, 60, 126, 24],
  );
  const crown = shape(
    [-128, 34],
    [-120, -70, -108, -116, -92, -128],
    [-40, -148, 46, -148, 92, -128],
    [110, -114, 122, -70, 128, 34],
    [60, 62, -60, 62, -128, 34],
  );
  const rows = [70, 92, 114, 136].map((y) =>
    curve([-146 - (y - 50) * 0.55, y - 20], [0, y + 16], [146 + (y - 50) * 0.55, y - 20]),
  );
  return `<g transform="rotate(${turn})">${sew(fabric, { d: brim, puff: 1.2, folds: [curve([-90, 60], [-110, 100], [-130, 150]), curve([100, 50], [120, 100], [118, 150])] })}${stitch(lighter(fabric.main.hex, 0.35), ...rows)}${sew(fabric, { d: crown, puff: 1.8 })}${seam(path([-60, -138], [-74, 50]), path([70, -134], [84, 48]), curve([-126, 26], [0, 54], [126, 26]))}</g>`;
}

const DOME = shape(
  [-150, 52],
  [-150, -70, -90, -136, 0, -138],
  [96, -138, 160, -60, 164, 56],
  [80, 74, -60, 76, -150, 52],
);
const FRONT_PANEL = shape(
  [-150, 52],
  [-150, -70, -90, -136, 4, -138],
  [58, -90, 66, 0, 60, 70],
  [0, 74, -90, 70, -150, 52],
);
const BRIM = shape(
  [-150, 44],
  [-226, 60, -240, 104, -220, 112],
  [-160, 96, -60, 92, 62, 72],
  [0, 66, -90, 60, -150, 44],
);

type Mesh = Pick<Piece, 'dye' | 'weave'>;

function capFront(s: Cap, fabric: Fabric, mesh: Mesh): string {
  const panels =
    s.cut === 'five-panel'
      ? seam(curve([-120, -40], [-20, -66], [58, -60]))
      : seam(curve([4, -138], [-58, -50], [-66, 66]), curve([4, -138], [120, -60], [134, 58]));
  const dye = s.cut === 'baseball' ? fabric.main.hex : darker(fabric.accent.hex, 0.08);
  const rows = [curve([-218, 96], [-120, 80], [40, 70]), curve([-206, 82], [-120, 68], [-10, 64])];
  return (
    sew(fabric, { d: DOME, puff: 2.4, ...mesh }) +
    sew(fabric, { d: FRONT_PANEL, puff: 1.6 }) +
    panels +
    badgeOf(s.badge, fabric) +
    sew(fabric, { d: BRIM, dye, puff: 1 }) +
    stitch(lighter(fabric.main.hex, 0.3), ...rows)
  );
}

function capBack(fabric: Fabric, mesh: Mesh): string {
  const dome = mirrored([0, -130], [90, -130, 150, -70, 156, 50], [90, 76, 0, 80]);
  const band = mirrored([0, 58], [66, 54], [66, 74], [0, 80]);
  return (
    sew(fabric, { d: dome, puff: 2.2, ...mesh }) +
    seam(path([0, -130], [0, 20])) +
    lining(fabric, mirrored([0, 6], [44, 10, 60, 44, 58, 72], [0, 80])) +
    sew(fabric, { d: band, dye: darker(fabric.accent.hex, 0.2), puff: 0.4 })
  );
}

export const cap =
  (s: Cap): Garment =>
  (fabric, view) => {
    const turn = (view.back ? 10 : -4) + view.pose * -10;
    if (s.cut === 'bucket') return drape(fabric.seed, 0.3, bucketHat(fabric, turn));
    const mesh: Mesh = s.cut === 'trucker' ? { dye: lighter(fabric.accent.hex, 0.15), weave: 'knit' } : {};
    const art = view.back ? capBack(fabric, mesh) : capFront(s, fabric, mesh);
    const top = button(4, -138, 9, darker(fabric.main.hex, 0.1));
    return drape(fabric.seed, 0.2, `<g transform="translate(18 16) rotate(${turn})">${art}${top}</g>`);
  };

export interface Beanie {
  readonly cuff: 'deep' | 'rolled' | 'none';
  readonly pompom?: boolean;
}

function pompom(fabric: Fabric, y: number): string {
  const next = random(fabric.seed);
  const strands = Array.from({ length: 130 }, () => {
    const a = next() * Math.PI * 2;
    const r = 26 + next() * 26;
    return path(
      [Math.round(Math.cos(a) * 8), Math.round(y + Math.sin(a) * 8)],
      [Math.round(Math.cos(a) * r), Math.round(y + Math.sin(a) * r)],
    );
  });
  return (
    sew(fabric, { d: ellipse(0, y, 46, 44), dye: fabric.accent.hex, puff: 2, weave: 'jersey' }) +
    `<path d="${strands.join('')}" stroke="${lighter(fabric.accent.hex, 0.18)}" stroke-width="3" stroke-linecap="round" stroke-opacity=".8"/>`
  );
}

export const beanie =
  (s: Beanie): Garment =>
  (fabric, view) => {
    const slouch = view.pose * 16;
    const dome = shape(
      [-146, 70],
      [-158, -60, -110, -166, -10 - slouch, -172],
      [100 - slouch, -178, 160, -60, 146, 70],
      [60, 92, -60, 92, -146, 70],
    );
    const deep = s.cuff === 'deep' ? 96 : 60;
    const cuff =
      s.cuff === 'none'
        ? ''
        : sew(fabric, {
            d: shape(
              [-154, 86 - deep * 0.4],
              [0, 112 - deep * 0.4, 154, 86 - deep * 0.4],
              [162, 120, 152, 86 + deep * 0.5],
              [0, 120 + deep * 0.5, -152, 86 + deep * 0.5],
              [-162, 120, -154, 86 - deep * 0.4],
            ),
            puff: 1.4,
            weave: 'rib',
            dye: s.pompom ? fabric.main.hex : fabric.accent.hex,
          });
    const folds = [-0.6, -0.2, 0.24, 0.64].map((k) => curve([k * 120, -110], [k * 150, -30], [k * 150, 40]));
    const label =
      s.cuff === 'none' || view.back
        ? ''
        : sew(fabric, {
            d: shape([-28, 92], [28, 94], [28, 124], [-28, 122]),
            dye: '#e8dfcc',
            weave: 'jersey',
            puff: 0.3,
          });
    const art =
      (s.pompom ? pompom(fabric, -196) : '') + sew(fabric, { d: dome, folds, puff: 2 }) + cuff + label;
    return drape(
      fabric.seed,
      0.4,
      `<g transform="translate(0 ${s.pompom ? 44 : 24}) rotate(${view.pose * -9}) scale(1.08)">${art}</g>`,
    );
  };
