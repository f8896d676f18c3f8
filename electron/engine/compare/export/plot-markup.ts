import { parseHTML } from 'linkedom';
import type { drawPrices, Line } from '../../../plots/strips.ts';
import { type Markup, raw } from './markup.ts';

/** The printed width of a page, in CSS pixels: 182 mm. */
const WIDTH = 688;

/** A plot as SVG, drawn without a page. Nothing in it can run: its words are escaped, and it has no scripts. */
export function plotMarkup(
  draw: typeof drawPrices,
  lines: readonly Line[],
  words: (price: number) => string,
): Markup {
  const { document } = parseHTML('<!doctype html><html><body></body></html>');
  return raw(draw(lines, { document, width: WIDTH, words }).outerHTML);
}
