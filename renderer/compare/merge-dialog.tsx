import { FileInput } from 'lucide-react';
import { useRef } from 'react';
import type { MergeReport } from '../../electron/contract/compare.ts';
import { Dialog } from '../ui/dialog.tsx';
import { formatCount, formatCounted } from '../ui/format.ts';
import type { LoadedRows } from './loaded-rows.ts';
import { MatchMark } from './match-mark.tsx';
import { closeMerge, mergeFile, takeTheirs, useMerge } from './merging.ts';
import { useDocument } from './open-document.ts';
import { setView } from './order.ts';
import { rowName } from './row-words.ts';
import { RowThumbnail } from './table-row.tsx';
import { useRow } from './use-row.ts';
import './merge-dialog.css';

type Conflict = MergeReport['conflicts'][number];
type Unused = MergeReport['unused'][number];

/** The most conflicts that are drawn. */
const MOST_SHOWN = 100;
/** The most line numbers that a sentence names. */
const MOST_LINES = 12;

const WHY: Record<Unused['reason'], (lines: string) => string> = {
  line: (lines) => `${lines}: cannot be read as a line of a table.`,
  match: (lines) => `${lines}: an unknown match type. Known are same, equivalent, similar, none and unsure.`,
  row: (lines) => `${lines}: no compared picture here has that address or name.`,
  product: (lines) => `${lines}: a SKU that is unknown or missing.`,
  contradiction: (lines) =>
    `${lines}: they decide the same picture in different ways. Keep one line of each.`,
};

function linesWithReason(unused: readonly Unused[], reason: Unused['reason']): string | null {
  const lines = unused.filter((each) => each.reason === reason).map(({ line }) => line);
  if (lines.length === 0) return null;
  const named = lines.slice(0, MOST_LINES).join(', ');
  const rest = lines.length > MOST_LINES ? ` and ${formatCount(lines.length - MOST_LINES)} more` : '';
  return WHY[reason](`${lines.length === 1 ? 'Line' : 'Lines'} ${named}${rest}`);
}

function NotUsed({ unused }: { unused: readonly Unused[] }) {
  if (unused.length === 0) return null;
  return (
    <section>
      <p>{formatCounted(unused.length, 'line')} not used</p>
      <ul className="merge-unused label">
        {(['contradiction', 'row', 'product', 'match', 'line'] as const).map((reason) => {
          const words = linesWithReason(unused, reason);
          return words && <li key={reason}>{words}</li>;
        })}
      </ul>
    </section>
  );
}

interface ConflictRowProps {
  loaded: LoadedRows;
  conflict: Conflict;
  /** There the decision was taken over. */
  replaced: boolean;
}

function ConflictRow({ loaded, conflict: { row: number, here, there, sku }, replaced }: ConflictRowProps) {
  const row = useRow(loaded, number);
  return (
    <li>
      <button
        type="button"
        className="merge-conflict"
        title="Look at it"
        onClick={() => {
          closeMerge();
          setView('focus', number);
        }}
      >
        <RowThumbnail loaded={loaded} number={number} />
        <span className="merge-name" dir="auto">
          {row && rowName(row)}
        </span>
        <span className="merge-side">
          <span className="label">{replaced ? 'Before' : 'Here'}</span>
          <MatchMark match={here} />
          {!replaced && row?.decision?.product && (
            <span className="label numbers">{row.decision.product.sku}</span>
          )}
        </span>
        <span className="merge-side">
          <span className="label">There</span>
          <MatchMark match={there} />
          {there !== 'none' && sku !== '' && <span className="label numbers">{sku}</span>}
        </span>
      </button>
    </li>
  );
}

function Conflicts({ conflicts, replaced }: { conflicts: readonly Conflict[]; replaced: boolean }) {
  const loaded = useDocument((state) => state.loaded);
  if (conflicts.length === 0 || !loaded) return null;
  const more = conflicts.length - MOST_SHOWN;
  return (
    <section>
      <p>
        {formatCounted(conflicts.length, 'picture')} {conflicts.length === 1 ? 'was' : 'were'} decided
        otherwise here{replaced ? ', and decided as there now.' : ', and left as they are.'}
      </p>
      <ul className="merge-conflicts">
        {conflicts.slice(0, MOST_SHOWN).map((conflict) => (
          <ConflictRow key={conflict.row} loaded={loaded} conflict={conflict} replaced={replaced} />
        ))}
      </ul>
      {more > 0 && <p className="label">And {formatCount(more)} more.</p>}
    </section>
  );
}

/** What became of the decisions of a file: those that differ from the ones made here, and lines that were not used. */
export function MergeDialog() {
  const merged = useMerge((state) => state.merged);
  const running = useMerge((state) => state.running);
  if (!merged) return null;
  const { report, replaced, name } = merged;
  const open = report.conflicts.length > 0 && !replaced;
  return (
    <Dialog open onOpenChange={closeMerge} title={`Decisions of ${name}`} className="merge-dialog">
      <p>{formatCounted(report.merged, 'decision')} taken over.</p>
      <Conflicts conflicts={report.conflicts} replaced={replaced} />
      <NotUsed unused={report.unused} />
      <div className="dialog-actions">
        {open && (
          <button type="button" className="button" disabled={running} onClick={() => void takeTheirs()}>
            Take theirs for{' '}
            {report.conflicts.length === 1 ? 'it' : `all ${formatCount(report.conflicts.length)}`}
          </button>
        )}
        <button type="button" className="button primary" onClick={closeMerge}>
          {open ? 'Keep ours' : 'Done'}
        </button>
      </div>
    </Dialog>
  );
}

/** Chooses a file of decisions that were made elsewhere. */
export function MergeButton() {
  const picker = useRef<HTMLInputElement>(null);
  const running = useMerge((state) => state.running);
  return (
    <>
      <button
        type="button"
        className="icon-button"
        aria-label="Take over decisions from a file"
        title="Take over decisions from a file: what a hand-off gives back, or a CSV with sku, url, match_type"
        disabled={running}
        onClick={() => picker.current?.click()}
      >
        <FileInput aria-hidden />
      </button>
      <input
        ref={picker}
        type="file"
        hidden
        aria-label="Decisions to take over"
        accept=".csv,.tsv,.txt,.json"
        onChange={({ target }) => {
          const [file] = target.files ?? [];
          if (file) void mergeFile(file);
          target.value = '';
        }}
      />
    </>
  );
}
