import type { GapPile } from '../../../electron/contract/compare-tells.ts';

/** A pile, or what is unlike everything else. */
export interface ShownPile {
  name: string | null;
  rows: readonly number[];
  /** All rows of the pile, decided or not: what its name is given to. Null: it cannot have a name. */
  named: readonly number[] | null;
}

const ALONE = 'Unlike any other';

/** The piles of one kind of gap, the pictures that lie alone together at the end. */
export function shownPiles(piles: readonly GapPile[], kind: 'missing' | 'undecided'): ShownPile[] {
  const shown = piles
    .map((pile) => ({ name: pile.name, rows: pile[kind], named: [...pile.missing, ...pile.undecided] }))
    .filter(({ rows }) => rows.length > 0)
    .sort((a, b) => b.rows.length - a.rows.length);
  const isAlone = ({ name, named }: ShownPile) => name === null && named?.length === 1;
  const alone = shown.filter(isAlone).flatMap(({ rows }) => rows);
  const together = shown.filter((pile) => !isAlone(pile));
  return alone.length === 0 ? together : [...together, { name: ALONE, rows: alone, named: null }];
}
