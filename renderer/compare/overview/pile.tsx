import type { ShownPile } from '../../../electron/contract/shown-piles.ts';
import { formatCounted } from '../../ui/format.ts';
import type { LoadedRows } from '../loaded-rows.ts';
import { NameField } from '../name-field.tsx';
import { RowThumbnail } from '../table-row.tsx';
import { namePile } from './tells.ts';

/** Prints that are seen of a pile. */
const SEEN = 4;

interface PileProps {
  pile: ShownPile;
  loaded: LoadedRows;
  onOpen: () => void;
}

/** Pictures that look alike, as prints on top of each other, with a name. */
export function Pile({ pile: { name, rows, named }, loaded, onOpen }: PileProps) {
  const count = formatCounted(rows.length, 'picture');
  return (
    <li className="pile">
      <button
        type="button"
        className="pile-prints"
        aria-label={`Open ${name ?? 'a pile without a name'}: ${count}`}
        onClick={onOpen}
      >
        {rows
          .slice(0, SEEN)
          .reverse()
          .map((row) => (
            <RowThumbnail key={row} loaded={loaded} number={row} />
          ))}
      </button>
      {named ? (
        <NameField
          className="pile-name"
          label={`Name of the pile of ${count}`}
          placeholder="Name it"
          value={name ?? ''}
          onSave={(next) => void namePile(named, next)}
        />
      ) : (
        <span className="pile-name">{name}</span>
      )}
      <span className="label numbers">{count}</span>
    </li>
  );
}
