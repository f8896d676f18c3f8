import { Layers, Square } from 'lucide-react';
import { useState } from 'react';
import type { ComparisonPiles, GapPile, PilingProgress } from '../../../electron/contract/compare-tells.ts';
import { type ShownPile, shownPiles } from '../../../electron/contract/shown-piles.ts';
import { formatCounted } from '../../ui/format.ts';
import { PhaseBar } from '../../ui/phase-bar.tsx';
import { countWords, shareDone } from '../../ui/progress-words.ts';
import type { LoadedRows } from '../loaded-rows.ts';
import { useDocument } from '../open-document.ts';
import { Pile } from './pile.tsx';
import { PileDialog } from './pile-dialog.tsx';
import { pileAgain, stopPiling } from './tells.ts';

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

/** What is said while there are no piles yet, or others are made. */
function Piling({ piling, waiting }: { piling: PilingState; waiting: boolean }) {
  const running = useDocument(({ state }) => state?.progress != null);
  if (piling === 'stopped')
    return (
      <div className="piling">
        <p className="label">You stopped putting the pictures together that look alike.</p>
        <button type="button" className="button" onClick={pileAgain}>
          <Layers aria-hidden /> Put them together
        </button>
      </div>
    );
  if (piling)
    return (
      <div className="piling">
        <div className="piling-words">
          <PhaseBar share={shareDone(piling)} label="Pictures put together" />
          <span className="numbers">
            Putting pictures that look alike together{' '}
            <span className="label">{countWords(piling, 'picture')}</span>
          </span>
        </div>
        <button type="button" className="button" onClick={stopPiling}>
          <Square aria-hidden /> Stop
        </button>
      </div>
    );
  if (!waiting || !running) return null;
  return <p className="label">Pictures that look alike are put together when all of them are compared.</p>;
}

type PilingState = PilingProgress | 'stopped' | null;

interface GapsProps {
  piles: ComparisonPiles | null;
  piling: PilingState;
  loaded: LoadedRows;
}

/** What they have and nothing of ours is close to, in piles. */
export function Gaps({ piles, piling, loaded }: GapsProps) {
  return (
    <section aria-labelledby="gaps-title">
      <h2 id="gaps-title">Gaps in our range</h2>
      <Piling piling={piling} waiting={piles === null} />
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
        </>
      )}
    </section>
  );
}
