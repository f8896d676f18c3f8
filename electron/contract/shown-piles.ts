import type { GapPile } from './compare-tells.ts';

/** A pile, or what is unlike everything else. */
export interface ShownPile {
  name: string | null;
  rows: readonly number[];
  /** All rows of the pile, decided or not: what its name is given to. Null: it cannot have a name. */
  named: readonly number[] | null;
}

const ALONE = 'Unlike any other';

/**
 * The piles of one kind of gap as the window and the report show them, the pictures that lie alone together at the end.
 * @param isShown default: all rows are shown
 */
export function shownPiles(
  piles: readonly GapPile[],
  kind: 'missing' | 'undecided',
  isShown: (row: number) => boolean = () => true,
): ShownPile[] {
  const shown = piles
    .map((pile) => ({
      name: pile.name,
      rows: pile[kind].filter(isShown),
      named: [...pile.missing, ...pile.undecided],
    }))
    .filter(({ rows }) => rows.length > 0)
    .sort((a, b) => b.rows.length - a.rows.length);
  const isAlone = ({ name, rows }: ShownPile) => name === null && rows.length === 1;
  const alone = shown.filter(isAlone).flatMap(({ rows }) => rows);
  const together = shown.filter((pile) => !isAlone(pile));
  return alone.length === 0 ? together : [...together, { name: ALONE, rows: alone, named: null }];
}
