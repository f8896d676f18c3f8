import { useState } from 'react';
import type { ComparisonPiles, GapPile } from '../../../electron/contract/compare-tells.ts';
import { formatCounted } from '../../ui/format.ts';
import { useAfter } from '../../ui/use-after.ts';
import type { LoadedRows } from '../loaded-rows.ts';
import { Pile } from './pile.tsx';
import { PileDialog } from './pile-dialog.tsx';

/** A pile, or what is unlike everything else. */
export interface ShownPile {
  name: string | null;
  rows: readonly number[];
  /** All rows of the pile, decided or not: what its name is given to. Null: it cannot have a name. */
  named: readonly number[] | null;
}

const ALONE = 'Unlike any other';

/** The piles of one kind of gap, the pictures that lie alone together at the end. */
function shownPiles(piles: readonly GapPile[], kind: 'missing' | 'undecided'): ShownPile[] {
  const shown = piles
    .map((pile) => ({ name: pile.name, rows: pile[kind], named: [...pile.missing, ...pile.undecided] }))
    .filter(({ rows }) => rows.length > 0)
    .sort((a, b) => b.rows.length - a.rows.length);
  const isAlone = ({ name, named }: ShownPile) => name === null && named?.length === 1;
  const alone = shown.filter(isAlone).flatMap(({ rows }) => rows);
  const together = shown.filter((pile) => !isAlone(pile));
  return alone.length === 0 ? together : [...together, { name: ALONE, rows: alone, named: null }];
}

interface PilesProps {
  title: string;
  note: string;
  kind: 'missing' | 'undecided';
  piles: readonly GapPile[];
  loaded: LoadedRows;
}

function Piles({ title, note, kind, piles, loaded }: PilesProps) {
  const [open, setOpen] = useState<ShownPile | null>(null);
  const shown = shownPiles(piles, kind);
  const pictures = shown.reduce((sum, { rows }) => sum + rows.length, 0);
  if (pictures === 0) return null;
  return (
    <>
      <h3 className="piles-head">
        {title} <span className="label numbers">{formatCounted(pictures, 'picture')}</span>
      </h3>
      <p className="label">{note}</p>
      <ul className="piles">
        {shown.map((pile) => (
          <Pile key={pile.rows[0]} pile={pile} loaded={loaded} onOpen={() => setOpen(pile)} />
        ))}
      </ul>
      {open && <PileDialog pile={open} kind={kind} loaded={loaded} onClose={() => setOpen(null)} />}
    </>
  );
}

const SLOW_MS = 500;

/** What they have and nothing of ours is close to, in piles. */
export function Gaps({ piles, loaded }: { piles: ComparisonPiles | null; loaded: LoadedRows }) {
  const late = useAfter(piles === null, SLOW_MS);
  return (
    <section aria-labelledby="gaps-title">
      <h2 id="gaps-title">Gaps in our range</h2>
      {piles === null && <p className="label">{late && 'Putting pictures that look alike together…'}</p>}
      {piles?.piles.length === 0 && (
        <p className="label">None so far: every picture has something close in our range.</p>
      )}
      {piles && piles.piles.length > 0 && (
        <>
          <Piles
            title="Missing"
            note="Decided: we have nothing like these. Pictures that look alike lie together; give a pile a name by clicking it."
            kind="missing"
            piles={piles.piles}
            loaded={loaded}
          />
          <Piles
            title="Nothing close, not decided"
            note="Perhaps gaps: no candidate is close, and nobody has decided."
            kind="undecided"
            piles={piles.piles}
            loaded={loaded}
          />
          {piles.seconds >= 1 && (
            <p className="label numbers">Piling them took {piles.seconds.toFixed(1)} s.</p>
          )}
        </>
      )}
    </section>
  );
}
