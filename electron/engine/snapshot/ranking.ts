import { type Groups, membersOf } from '../vectors/groups.ts';
import type { Nearest, Scored, Selection, Vectors } from '../vectors/vectors.ts';

/** A group, its row nearest to the query, and that row's score. */
export interface RankedGroup {
  group: number;
  row: number;
  /** Cosine similarity of query and picture. */
  score: number;
}

/** The pictures that a snapshot's rows show, and the group of each row. */
export interface ShownPictures {
  /** Rows, those of a group consecutively. Groups and their rows are in the feed's order. */
  rows: Uint32Array;
  /** For each picture in memory its positions in `rows`, ascending. */
  positions: Groups;
  /** The group of each row. */
  groupOf: Uint32Array;
}

/** The rows that a query is compared with. */
export interface RowSelection {
  /** The pictures that these rows show. */
  pictures: Selection;
  passes: (row: number) => boolean;
}

/** In the first round, the most pictures to fetch for each wanted group. */
const MOST_A_GROUP = 4;
/** Each further round fetches this many times more. */
const OVER_FETCH = 4;

/**
 * The groups nearest to a query, best first; equal ones in the order of their numbers. A group counts as its nearest row,
 * the first of equal ones. Pictures are ranked, and each brings the groups that show it. Groups share pictures and have
 * several, so pictures are fetched in growing rounds until they bring `limit` groups. The result is exact where
 * `Vectors.nearest` is.
 * @param exclude a group to leave out
 */
export function rankGroups(
  vectors: Vectors,
  query: Float32Array,
  limit: number,
  shown: ShownPictures,
  selection: RowSelection,
  exclude?: number,
): { groups: RankedGroup[]; search: Nearest['search'] } {
  const count = shown.rows.length === 0 ? 0 : (shown.groupOf[shown.rows.at(-1) ?? 0] ?? 0) + 1;
  const { pictures } = selection;
  const usual = Math.min(MOST_A_GROUP, Math.max(1, pictures.count / Math.max(1, count)));
  for (let k = Math.ceil((limit + 1) * usual); ; k *= OVER_FETCH) {
    const found = vectors.nearest(query, k, pictures);
    const groups = expand(found.vectors, limit, shown, selection, exclude);
    if (groups.length === limit || found.vectors.length < k || found.vectors.length === pictures.count)
      return { groups, search: found.search };
  }
}

/** Adds the groups that show these pictures, until there are enough. Equally near pictures are taken together. */
function expand(
  pictures: readonly Scored[],
  limit: number,
  shown: ShownPictures,
  { passes }: RowSelection,
  exclude: number | undefined,
): RankedGroup[] {
  const { rows, groupOf, positions } = shown;
  const found: RankedGroup[] = [];
  const seen = new Set(exclude === undefined ? [] : [exclude]);
  for (let from = 0, to = 0; from < pictures.length && found.length < limit; from = to) {
    const score = pictures[from]?.score ?? 0;
    const equal: number[] = [];
    for (; pictures[to]?.score === score; to++) {
      // When 100,000 products show one picture, only as many are examined as may still be wanted.
      let [before, left] = [-1, limit - found.length];
      for (const position of membersOf(positions, pictures[to]?.id ?? 0)) {
        const row = rows[position] ?? 0;
        const group = groupOf[row] ?? 0;
        if (group === before || seen.has(group) || !passes(row)) continue;
        equal.push(position);
        before = group;
        if (--left === 0) break;
      }
    }
    for (const position of equal.sort((a, b) => a - b)) {
      const row = rows[position] ?? 0;
      const group = groupOf[row] ?? 0;
      if (seen.has(group)) continue;
      seen.add(group);
      found.push({ group, row, score });
    }
  }
  return found.slice(0, limit);
}
