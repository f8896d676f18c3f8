/** The colour words catalogs use that are not CSS colours, or that mean something else in CSS. */
const SWATCHES: Record<string, string> = {
  black: '#1c1b1a',
  blue: '#2f5fae',
  brown: '#6f4a2f',
  burgundy: '#6d1f2f',
  camel: '#b98d5b',
  charcoal: '#43444a',
  cream: '#f3ead7',
  denim: '#4a6a91',
  ecru: '#e6dcc6',
  gold: '#c9a24a',
  green: '#3f7a4d',
  mustard: '#c99a2c',
  navy: '#27345c',
  nude: '#dcb79c',
  'off-white': '#f5f1e8',
  olive: '#6b6b3a',
  orange: '#dd7a2d',
  pink: '#e39bb0',
  purple: '#6d4a93',
  red: '#b83232',
  rust: '#a4522d',
  sand: '#d8c4a0',
  silver: '#b9bcc0',
  stone: '#b5ac9d',
  taupe: '#8b7d70',
  yellow: '#e3c23c',
};

/** A CSS colour for a colour's name; null when the name is not known. */
export function swatch(name: string): string | null {
  const word = name.trim().toLowerCase();
  const known = SWATCHES[word] ?? SWATCHES[word.split(/[\s/]+/).at(-1) ?? ''];
  if (known) return known;
  const css = word.replace(/\s+/g, '');
  return CSS.supports('color', css) ? css : null;
}
