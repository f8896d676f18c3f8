import type { ShownPile } from '../../../electron/contract/shown-piles.ts';
import { Dialog } from '../../ui/dialog.tsx';
import { formatCounted } from '../../ui/format.ts';
import { decide } from '../deciding.ts';
import type { LoadedRows } from '../loaded-rows.ts';
import { setFilters, setView } from '../order.ts';
import { rowFactsInWords, rowName } from '../row-words.ts';
import { RowThumbnail } from '../table-row.tsx';
import { useRow } from '../use-row.ts';
import { showRows } from './show-rows.ts';

function Print({ loaded, number, onOpen }: { loaded: LoadedRows; number: number; onOpen: () => void }) {
  const row = useRow(loaded, number);
  const facts = row ? rowFactsInWords(row) : '';
  return (
    <li>
      <button type="button" className="print" title="Look at it beside its candidates" onClick={onOpen}>
        <RowThumbnail loaded={loaded} number={number} />
        <span className="print-name" dir="auto">
          {row ? rowName(row) : `Row ${number}`}
        </span>
        {facts !== '' && (
          <span className="label numbers" dir="auto">
            {facts}
          </span>
        )}
      </button>
    </li>
  );
}

interface PileDialogProps {
  pile: ShownPile;
  kind: 'missing' | 'undecided';
  loaded: LoadedRows;
  onClose: () => void;
}

/** All pictures of a pile. */
export function PileDialog({ pile: { name, rows }, kind, loaded, onClose }: PileDialogProps) {
  const title = name ?? 'Pictures that look alike';
  const look = (row: number) => {
    setFilters({ rows: [...rows] });
    setView('focus', row);
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={`${title} · ${formatCounted(rows.length, 'picture')}`}
      className="pile-dialog"
    >
      <ul className="prints">
        {rows.map((row) => (
          <Print key={row} loaded={loaded} number={row} onOpen={() => look(row)} />
        ))}
      </ul>
      <footer className="pile-actions">
        {kind === 'undecided' && (
          <button
            type="button"
            className="button"
            onClick={() => {
              decide(rows, 'none', null);
              onClose();
            }}
          >
            No match for {rows.length === 1 ? 'it' : `all ${rows.length}`}
          </button>
        )}
        <button type="button" className="button" onClick={() => showRows({ rows: [...rows] })}>
          Show in the table
        </button>
      </footer>
    </Dialog>
  );
}
