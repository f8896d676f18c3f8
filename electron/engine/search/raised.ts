// Candidates with what confirmed photos say for them.
import type { Neighbour, Searchable } from '../snapshot/searchable.ts';
import type { Conditions } from '../words/conditions.ts';
import { type Evidence, evidenceOf, type QueryColors, type Scale, type Scales } from './color.ts';
import type { Confirmation } from './confirmed-photos.ts';

/** A style, and what speaks for it. */
export interface Judged {
  neighbour: Neighbour;
  evidence: Evidence;
}

/** What speaks for each style by its pictures, in their order. @param colors of the query; see `evidenceOf` */
export function judge(
  neighbours: readonly Neighbour[],
  colors: QueryColors | null,
  scales: Scales,
): Judged[] {
  const evidence = evidenceOf(neighbours, colors, scales);
  return neighbours.flatMap((neighbour, i) => {
    const own = evidence[i];
    return own ? [{ neighbour, evidence: own }] : [];
  });
}

/** What confirmed photos say of a query's styles. */
export type Said = ReadonlyMap<string, Confirmation>;

/**
 * The nearest styles, and those that confirmed photos say as much for although their pictures are not among the nearest.
 * @param nearest visually nearest first
 * @param total styles that pass the filters
 */
export async function joinConfirmed(
  snapshot: Searchable,
  query: { vector: Float32Array; filters: Conditions },
  { neighbours, total }: { neighbours: Neighbour[]; total: number },
  said: Said,
  { mean, deviation }: Scale,
): Promise<Neighbour[]> {
  // With all that pass among them, the others do not pass.
  if (said.size === 0 || neighbours.length >= total) return neighbours;
  const among = new Set(neighbours.map(({ styleId }) => styleId));
  const least = ((neighbours.at(-1)?.score ?? 1) - mean) / deviation;
  const missing = [...said].filter(([styleId, { visual }]) => !among.has(styleId) && visual > least);
  if (missing.length === 0) return neighbours;
  const passing =
    Object.keys(query.filters).length === 0
      ? null
      : new Map((await snapshot.passing(query.filters)).map(({ styleId, uid }) => [styleId, uid]));
  // With filters a style is shown as its first product that passes.
  const uids = missing.flatMap(([styleId, { uid }]) => (passing ? (passing.get(styleId) ?? []) : uid));
  return [...neighbours, ...(await snapshot.neighbours(uids, query.vector))];
}

/** Each style by what its pictures or its confirmed photos say for it, whichever is more; visually nearest first. */
export function raise(judged: readonly Judged[], said: Said): Judged[] {
  if (said.size === 0) return [...judged];
  return judged
    .map(({ neighbour, evidence }) => {
      const visual = Math.max(
        evidence.visual,
        said.get(neighbour.styleId)?.visual ?? Number.NEGATIVE_INFINITY,
      );
      return { neighbour, evidence: { ...evidence, visual } };
    })
    .sort((a, b) => b.evidence.visual - a.evidence.visual);
}
