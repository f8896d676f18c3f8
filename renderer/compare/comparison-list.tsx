import { Copy, Files, FolderOpen, Pencil, Search, Trash2 } from 'lucide-react';
import { useEffect, useMemo, useRef, useState } from 'react';
import type { Comparison } from '../../electron/contract/compare.ts';
import { show } from '../page/view.ts';
import { Ago } from '../ui/ago.tsx';
import { formatCount, formatCounted, formatExact } from '../ui/format.ts';
import { Pairs } from '../ui/garments.tsx';
import { Note } from '../ui/note.tsx';
import { faultSentence } from '../ui/sentences.ts';
import { useAfter } from '../ui/use-after.ts';
import type { Choosing } from './compare-screen.tsx';
import { ComparisonProblem, RemovedLine } from './comparison-notes.tsx';
import { duplicate, loadComparisons, remove, rename, useComparisons } from './comparisons.ts';
import { decidedOf } from './counts.ts';
import { CountsBar } from './counts-bar.tsx';
import { openDocument } from './document.ts';
import { RejectedPairs } from './rejected-pairs.tsx';
import './comparison-list.css';

/** Counts of a run on the list are read again so often. */
const REFRESH_MS = 2000;
/** A faster answer shows no message. */
const READING_AFTER_MS = 400;

function ChooseButtons({ choosing: { folder, files } }: { choosing: Choosing }) {
  const starting = useComparisons((state) => state.starting);
  return (
    <div className="choose-buttons">
      <button type="button" className="button primary" disabled={starting} onClick={folder}>
        <FolderOpen aria-hidden /> Folder…
      </button>
      <button type="button" className="button" disabled={starting} onClick={files}>
        <Files aria-hidden /> Files…
      </button>
    </div>
  );
}

function Empty({ choosing, hasCatalog }: { choosing: Choosing; hasCatalog: boolean }) {
  return (
    <div className="compare-empty">
      <Pairs />
      <div className="compare-empty-words">
        <h1>Drop a competitor’s pictures here</h1>
        <p>
          A folder, a ZIP, several pictures, or a CSV of their addresses. Each is set beside the likeliest
          products of your range; you decide by keys, and take a table or a report with you.
        </p>
        {hasCatalog ? (
          <ChooseButtons choosing={choosing} />
        ) : (
          <Note
            tone="plain"
            actions={
              <button type="button" className="button" onClick={() => show('catalog')}>
                Go to Catalog
              </button>
            }
          >
            There is no catalog to compare with yet.
          </Note>
        )}
      </div>
    </div>
  );
}

/** How far a comparison is, in the few words that matter most. */
function StatusWords({ counts, faults, moved }: Comparison) {
  if (faults[0]) return <span className="is-loss">{faultSentence(faults[0])}</span>;
  const { rows, waiting, failed, undecided } = counts;
  if (rows === 0) return <span>no pictures yet</span>;
  const open = [
    undecided > 0 && `${formatCount(undecided)} undecided`,
    failed > 0 && `${formatCount(failed)} failed`,
    waiting > 0 && `${formatCount(waiting)} not run yet`,
    counts.changed.gone > 0 && `${formatCount(counts.changed.gone)} gone`,
    moved?.catalog && 'the catalog has changed since',
  ].filter((part) => typeof part === 'string');
  return (
    <span>
      {formatCount(decidedOf(counts))} of {formatCount(rows)} decided
      {open.length > 0 && ` · ${open.join(' · ')}`}
    </span>
  );
}

function NameForm({ comparison, onDone }: { comparison: Comparison; onDone: () => void }) {
  const [name, setName] = useState(comparison.name);
  const [competitor, setCompetitor] = useState(comparison.competitor ?? '');
  return (
    <form
      className="comparison-form"
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() === '') return;
        void rename(comparison.id, { name: name.trim(), competitor: competitor.trim() || null });
        onDone();
      }}
      onKeyDown={(event) => {
        if (event.key !== 'Escape') return;
        event.stopPropagation();
        onDone();
      }}
    >
      <input
        className="text-input"
        aria-label="Name"
        maxLength={200}
        // biome-ignore lint/a11y/noAutofocus: the person has just asked to rename it
        autoFocus
        dir="auto"
        value={name}
        onChange={({ target }) => setName(target.value)}
      />
      <input
        className="text-input"
        aria-label="Competitor"
        placeholder="Competitor"
        maxLength={200}
        dir="auto"
        value={competitor}
        onChange={({ target }) => setCompetitor(target.value)}
      />
      <button type="submit" className="button">
        Save
      </button>
      <button type="button" className="button quiet" onClick={onDone}>
        Cancel
      </button>
    </form>
  );
}

interface ActionProps {
  name: string;
  of: string;
  onPress: () => void;
  children: React.ReactNode;
}

function Action({ name, of, onPress, children }: ActionProps) {
  return (
    <button type="button" className="icon-button" aria-label={`${name} ${of}`} title={name} onClick={onPress}>
      {children}
    </button>
  );
}

function Item({ comparison }: { comparison: Comparison }) {
  const [renaming, setRenaming] = useState(false);
  const { id, name, competitor, counts, changedAt, createdAt } = comparison;
  if (renaming) {
    return (
      <li className="comparison">
        <NameForm comparison={comparison} onDone={() => setRenaming(false)} />
      </li>
    );
  }
  return (
    <li className="comparison">
      <button type="button" className="comparison-open" onClick={() => void openDocument(id)}>
        <span className="comparison-name">
          <strong dir="auto">{name}</strong>
          <span className="label" dir="auto">
            {competitor ?? 'No competitor named'}
          </span>
        </span>
        <span className="comparison-status">
          <CountsBar counts={counts} />
          <span className="label numbers">
            <StatusWords {...comparison} />
          </span>
        </span>
        <span className="label comparison-when" title={`Begun ${formatExact(createdAt)}`}>
          <Ago time={changedAt} />
        </span>
      </button>
      <span className="comparison-actions">
        <Action name="Rename" of={name} onPress={() => setRenaming(true)}>
          <Pencil aria-hidden />
        </Action>
        <Action name="Duplicate" of={name} onPress={() => void duplicate(comparison)}>
          <Copy aria-hidden />
        </Action>
        <Action name="Delete" of={name} onPress={() => void remove(comparison)}>
          <Trash2 aria-hidden />
        </Action>
      </span>
    </li>
  );
}

/** Whether a comparison's name, competitor or dates have all the words that were typed. */
function matches(comparison: Comparison, typed: string): boolean {
  const { name, competitor, createdAt, changedAt, from } = comparison;
  const dates = [createdAt, changedAt].flatMap((time) => [formatExact(time), time.slice(0, 10)]);
  const text = [name, competitor ?? '', ...from, ...dates].join(' ').toLocaleLowerCase();
  return typed
    .toLocaleLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word));
}

/** All comparisons, the last changed first, and the ways to start one. */
export function ComparisonList({ choosing, hasCatalog }: { choosing: Choosing; hasCatalog: boolean }) {
  const { list, starting, removed, error } = useComparisons();
  const [typed, setTyped] = useState('');
  useEffect(() => {
    void loadComparisons();
    const timer = setInterval(() => {
      const unfinished = useComparisons
        .getState()
        .list?.some(({ counts }) => counts.waiting > 0 || counts.rows === 0);
      if (unfinished && document.visibilityState === 'visible') void loadComparisons();
    }, REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  const top = useRef<HTMLDivElement>(null);
  // What had the keyboard may be gone: the comparison that was deleted, or the line that took it back.
  // biome-ignore lint/correctness/useExhaustiveDependencies: these take parts away
  useEffect(() => {
    if (document.activeElement === document.body) top.current?.focus({ preventScroll: true });
  }, [list, removed]);
  const late = useAfter(!list && !error, READING_AFTER_MS);
  const shown = useMemo(() => list?.filter((each) => matches(each, typed.trim())) ?? [], [list, typed]);
  if (!list) {
    return (
      <div className="comparisons">
        {error ? <ComparisonProblem /> : <p className="label">{late && 'Reading the comparisons…'}</p>}
      </div>
    );
  }
  if (list.length === 0) {
    return (
      <div className="comparisons-none">
        <RemovedLine />
        <ComparisonProblem />
        <Empty choosing={choosing} hasCatalog={hasCatalog} />
      </div>
    );
  }
  return (
    <>
      <RemovedLine />
      <div className="comparisons" ref={top} tabIndex={-1}>
        <header className="comparisons-head">
          <h1>Comparisons</h1>
          <search className="comparisons-search">
            <Search aria-hidden />
            <input
              type="search"
              className="text-input"
              aria-label="Find a comparison"
              placeholder="Name, competitor or date"
              value={typed}
              onChange={({ target }) => setTyped(target.value)}
            />
          </search>
          <RejectedPairs />
          <ChooseButtons choosing={choosing} />
        </header>
        <ComparisonProblem />
        <p className="label comparisons-hint" role="status">
          {starting
            ? 'Starting…'
            : typed.trim() === ''
              ? 'Drop a folder, a ZIP, pictures or a CSV anywhere here to compare it, or paste several pictures.'
              : `${formatCounted(shown.length, 'comparison')} found`}
        </p>
        <ul aria-label="Comparisons">
          {shown.map((comparison) => (
            <Item key={comparison.id} comparison={comparison} />
          ))}
        </ul>
      </div>
    </>
  );
}
