/** The app's mark: two look-alike shapes, one over the other, on warm paper. */
import { mirrored } from './geometry.ts';

const SHIRT = mirrored(
  [0, -96],
  [22, -96, 42, -110, 48, -124],
  [96, -104],
  [150, -34],
  [112, -2],
  [88, -22],
  [88, 132],
  [0, 136],
);

export function drawIcon(): string {
  return (
    '<svg xmlns="http://www.w3.org/2000/svg" width="512" height="512" viewBox="-256 -256 512 512"><title>Lookalike</title>' +
    '<defs><linearGradient id="paper" x1="0" y1="0" x2="0" y2="1"><stop offset="0" stop-color="#f8f5ef"/><stop offset="1" stop-color="#e6dfd3"/></linearGradient></defs>' +
    '<rect x="-232" y="-232" width="464" height="464" rx="104" fill="url(#paper)"/><rect x="-231" y="-231" width="462" height="462" rx="103" fill="none" stroke="#8d8271" stroke-opacity=".35" stroke-width="2"/>' +
    '<mask id="gap"><rect x="-256" y="-256" width="512" height="512" fill="#fff"/>' +
    `<path d="${SHIRT}" transform="translate(80 52)" stroke="#000" stroke-width="40" stroke-linejoin="round"/></mask>` +
    `<g stroke="#2f2d2b" stroke-width="14" stroke-linejoin="round" transform="translate(-40 -32)"><path d="${SHIRT}" fill="#2f2d2b" mask="url(#gap)"/>` +
    `<path d="${SHIRT}" transform="translate(80 52)" fill="#f8f5ef"/></g></svg>\n`
  );
}
