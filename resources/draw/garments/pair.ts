import type { View } from '../cloth.ts';

/** A pair from the side: the far shoe behind and above, the near one in front; in the second pose one shoe stands alone, turned. */
export function pair(one: string, view: View, height: number): string {
  if (view.back) return `<g transform="scale(-1.14 1.14) rotate(${-10 * view.pose - 4})">${one}</g>`;
  const rise = height * 0.5;
  return (
    `<g transform="translate(26 ${-rise}) scale(.94) rotate(${-6 + view.pose * 10})">${one}</g>` +
    `<g transform="translate(-14 ${rise}) rotate(${view.pose * -9})">${one}</g>`
  );
}
