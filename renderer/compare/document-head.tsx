import { ArrowLeft, Redo2, Undo2 } from 'lucide-react';
import { useId } from 'react';
import type { Comparison, ComparisonState } from '../../electron/contract/compare.ts';
import { COMMAND_NAMES, keyName, keyOf } from '../../electron/contract/review-keys.ts';
import { usePreferences } from '../page/preferences.ts';
import { formatCount } from '../ui/format.ts';
import { Segments } from '../ui/segments.tsx';
import { rename, useComparisons } from './comparisons.ts';
import { decidedOf } from './counts.ts';
import { closeDocument } from './document.ts';
import { ExportMenu } from './export-menu.tsx';
import { MergeButton } from './merge-dialog.tsx';
import { NameField } from './name-field.tsx';
import { useDocument } from './open-document.ts';
import { setView } from './order.ts';
import { undoOrRedo } from './review.ts';
import { openTrust, useTrust } from './trust.ts';
import { estimateWords } from './trust-words.ts';
import './document-head.css';

const VIEWS = [
  { value: 'overview', name: 'Overview' },
  { value: 'table', name: 'Table' },
  { value: 'focus', name: 'Focus' },
] as const;

function Names({ comparison: { id, name, competitor } }: { comparison: Comparison }) {
  const known = useComparisons((state) => state.list);
  const listId = useId();
  const competitors = new Set(known?.flatMap((each) => each.competitor ?? []));
  return (
    <div className="document-names">
      <NameField
        label="Name of the comparison"
        className="is-name"
        value={name}
        onSave={(next) => next !== '' && void rename(id, { name: next })}
      />
      <NameField
        label="Competitor"
        placeholder="Competitor?"
        className="is-competitor"
        value={competitor ?? ''}
        list={listId}
        onSave={(next) => void rename(id, { competitor: next === '' ? null : next })}
      />
      <datalist id={listId}>
        {[...competitors].map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
    </div>
  );
}

/** How far the whole document is; always in the same place. */
function StatusWords({ comparison: { counts }, progress }: ComparisonState) {
  const running = progress?.phase === 'comparing' && progress.total !== null;
  return (
    <p className="document-status numbers">
      <strong>{formatCount(decidedOf(counts))}</strong> of {formatCount(counts.rows)} decided
      <span className="label">
        <span className="status-dot"> · </span>
        {formatCount(counts.undecided)} undecided
        {counts.failed > 0 && ` · ${formatCount(counts.failed)} failed`}
        {counts.waiting > 0 && ` · ${formatCount(counts.waiting)} ${running ? 'to come' : 'not run yet'}`}
      </span>
    </p>
  );
}

/** What is likely wrong among what was accepted in bulk. */
function Estimate() {
  const words = useTrust(({ trust }) => trust && estimateWords(trust.acceptances));
  return (
    words && (
      <button
        type="button"
        className="button quiet document-estimate numbers"
        title="Accepted in bulk, and how much of it is likely wrong, as its sample says"
        onClick={() => openTrust({ kind: 'bands' })}
      >
        {words}
      </button>
    )
  );
}

function Retrace({ which, disabled }: { which: 'undo' | 'redo'; disabled: boolean }) {
  const key = usePreferences(({ reviewKeys }) => keyName(keyOf(which, reviewKeys)));
  const name = COMMAND_NAMES[which];
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={name}
      title={`${name} (${key})`}
      disabled={disabled}
      onClick={() => void undoOrRedo(which)}
    >
      {which === 'undo' ? <Undo2 aria-hidden /> : <Redo2 aria-hidden />}
    </button>
  );
}

/** The name of the document, how far it is, and what can be done with all of it. */
export function DocumentHead() {
  const state = useDocument(({ state }) => state);
  const view = useDocument(({ view }) => view);
  const labelId = useId();
  return (
    <header className="document-head">
      <button
        type="button"
        className="icon-button"
        aria-label="All comparisons"
        title="All comparisons"
        onClick={() => closeDocument()}
      >
        <ArrowLeft aria-hidden />
      </button>
      {state && <Names comparison={state.comparison} />}
      {state && <StatusWords {...state} />}
      <Estimate />
      <span className="document-actions">
        <Retrace which="undo" disabled={!state?.canUndo} />
        <Retrace which="redo" disabled={!state?.canRedo} />
        <span id={labelId} className="visually-hidden">
          View
        </span>
        <Segments labelledBy={labelId} options={VIEWS} value={view} onChange={(next) => setView(next)} />
        <MergeButton />
        <ExportMenu />
      </span>
    </header>
  );
}
