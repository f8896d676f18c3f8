import { type ComparisonOverview, MOST_HITS, type StyleHit } from '../../../contract/compare-tells.ts';
import { productOf } from '../rows.ts';
import type { State } from '../state.ts';

/** Our styles that pictures were matched with, the most matched first. */
export function hitsOf(state: State): Pick<ComparisonOverview, 'hits' | 'stylesHit'> {
  const hits = new Map<string, StyleHit & { at: string }>();
  for (const { decision } of state.rows.values()) {
    if (!decision || decision.match === 'none' || decision.match === 'unsure') continue;
    const product = productOf(decision.product ?? '', decision.picture, state);
    if (!product) continue;
    const hit = hits.get(product.styleId) ?? { product, same: 0, equivalent: 0, similar: 0, at: '' };
    hit[decision.match]++;
    if (decision.at > hit.at) Object.assign(hit, { product, at: decision.at });
    hits.set(product.styleId, hit);
  }
  const sorted = [...hits.values()].sort((a, b) => rowsOf(b) - rowsOf(a) || b.same - a.same);
  return { hits: sorted.slice(0, MOST_HITS).map(({ at: _, ...hit }) => hit), stylesHit: hits.size };
}

const rowsOf = ({ same, equivalent, similar }: StyleHit): number => same + equivalent + similar;
