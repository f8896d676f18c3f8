/** Colour names of catalogs that are not CSS colours, or whose CSS colour is too bright. */
const SWATCHES: Record<string, string> = {
  black: '#1c1b1a',
  blue: '#2f5fae',
  blush: '#e6b8ac',
  brown: '#6f4a2f',
  burgundy: '#6d1f2f',
  camel: '#b98d5b',
  charcoal: '#43444a',
  cobalt: '#2a4fa8',
  cream: '#f3ead7',
  denim: '#4a6a91',
  ecru: '#e6dcc6',
  forestgreen: '#2f5a3f',
  gold: '#c9a24a',
  green: '#3f7a4d',
  lilac: '#b8a2cf',
  mustard: '#c99a2c',
  navy: '#27345c',
  nude: '#dcb79c',
  oat: '#dccfb6',
  olive: '#6b6b3a',
  orange: '#dd7a2d',
  pink: '#e39bb0',
  purple: '#6d4a93',
  raspberry: '#a82f55',
  red: '#b83232',
  rust: '#a4522d',
  sage: '#9aab8c',
  sand: '#d8c4a0',
  silver: '#b9bcc0',
  skyblue: '#8fb8d8',
  stone: '#b5ac9d',
  taupe: '#8b7d70',
  terracotta: '#bf6446',
  tobacco: '#7a5a3a',
  yellow: '#e3c23c',
};

function known(name: string): string | null {
  return SWATCHES[name] ?? (CSS.supports('color', name) ? name : null);
}

/** A CSS colour for a colour's name, or for its last colour word ("washed navy melange"); null when there is none. */
export function swatch(name: string): string | null {
  const words = name
    .trim()
    .toLowerCase()
    .split(/[\s/]+/);
  return (
    known(words.join('')) ?? words.reduceRight<string | null>((found, word) => found ?? known(word), null)
  );
}
