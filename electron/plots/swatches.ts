/** How a named colour is drawn (the names of `images/color-name.ts`), from dark and grey to the colours of the rainbow. */
export const SWATCHES: Readonly<Record<string, string>> = {
  black: '#232327',
  grey: '#8b8b8e',
  white: '#f7f7f5',
  beige: '#d9c7a6',
  brown: '#7a4c2b',
  burgundy: '#6a1a2b',
  red: '#c82c33',
  pink: '#e59ab0',
  orange: '#dd6b20',
  yellow: '#e5bd3a',
  olive: '#6f6e3c',
  green: '#3d8649',
  teal: '#257f80',
  'light blue': '#9cc3e6',
  blue: '#2f61b0',
  navy: '#1d2a4d',
  purple: '#774a98',
  multicoloured: '#b9a7b8',
};

/** The colours in this order. */
export const COLOR_ORDER: readonly string[] = Object.keys(SWATCHES);
