import { formatHex, interpolate } from 'culori';

export interface Colour {
  readonly name: string;
  /** Three letters, as used in a SKU. */
  readonly code: string;
  readonly hex: string;
}

/** The season's colours. */
export const PALETTE = {
  chalk: { name: 'Chalk white', code: 'WHT', hex: '#efece4' },
  oat: { name: 'Oat', code: 'OAT', hex: '#d8c7a9' },
  camel: { name: 'Camel', code: 'CML', hex: '#b98a55' },
  tobacco: { name: 'Tobacco', code: 'TOB', hex: '#75492e' },
  terracotta: { name: 'Terracotta', code: 'TER', hex: '#bd5f3f' },
  blush: { name: 'Blush', code: 'BLS', hex: '#dba9a0' },
  raspberry: { name: 'Raspberry', code: 'RSP', hex: '#a83a55' },
  burgundy: { name: 'Burgundy', code: 'BUR', hex: '#662535' },
  mustard: { name: 'Mustard', code: 'MST', hex: '#d3a233' },
  olive: { name: 'Olive', code: 'OLV', hex: '#6f6b3c' },
  sage: { name: 'Sage green', code: 'SGE', hex: '#9caf91' },
  forest: { name: 'Forest green', code: 'GRN', hex: '#2c5442' },
  teal: { name: 'Teal', code: 'TEA', hex: '#2f7280' },
  sky: { name: 'Sky blue', code: 'SKY', hex: '#93b7d1' },
  cobalt: { name: 'Cobalt', code: 'COB', hex: '#365fa8' },
  navy: { name: 'Navy', code: 'NVY', hex: '#27344f' },
  lilac: { name: 'Lilac', code: 'LIL', hex: '#a996c0' },
  stone: { name: 'Stone grey', code: 'GRY', hex: '#94938e' },
  ink: { name: 'Ink black', code: 'BLK', hex: '#2e2d30' },
} as const satisfies Record<string, Colour>;

export type ColourName = keyof typeof PALETTE;

/** `t` of the way from one colour to another, in Oklab; both as #rrggbb. */
export function blend(from: string, to: string, t: number): string {
  return formatHex(interpolate([from, to], 'oklab')(t));
}
export const darker = (hex: string, t: number): string => blend(hex, '#0d0a0c', t);
export const lighter = (hex: string, t: number): string => blend(hex, '#fffdf8', t);
