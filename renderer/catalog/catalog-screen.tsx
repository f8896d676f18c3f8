import { useEffect, useRef } from 'react';
import { useConnection } from '../engine/connection.ts';
import { Ago } from '../ui/ago.tsx';
import { Bar } from '../ui/bar.tsx';
import { formatCounted } from '../ui/format.ts';
import { isOfCatalog } from '../ui/sentences.ts';
import { type CatalogPane, openPane, useCatalogPane } from './catalog-pane.ts';
import { Comparison, ComparisonDiff } from './comparison.tsx';
import { Damage } from './damage.tsx';
import { InCatalog } from './in-catalog.tsx';
import { PlanView } from './plan-view.tsx';
import { progressWords } from './progress-words.ts';
import { SnapshotTimeline } from './snapshot-timeline.tsx';
import { useSnapshots } from './snapshots.ts';
import { SourceEditor } from './source-editor.tsx';
import { SourceList } from './source-list.tsx';
import { SourcePicker } from './source-picker.tsx';
import { useSources } from './sources.ts';
import { isBusy, type Task, useSync } from './sync.ts';
import { SyncReport } from './sync-report.tsx';
import { PlanRun, SyncFailure, SyncRun } from './sync-run.tsx';
import { timeline } from './timeline-words.ts';
import './catalog-screen.css';

/** The live catalog; before there is one, where it can come from. */
function Live() {
  const snapshot = useConnection((state) => state.status?.snapshot);
  const importing = useConnection((state) => state.status?.importing ?? false);
  const isDamaged = useConnection(
    ({ status }) =>
      status?.notices.some((each) => isOfCatalog(each) && each.code === 'CATALOG_DAMAGED') ?? false,
  );
  const snapshots = useSnapshots((state) => state.snapshots);
  const comparison = timeline(snapshots ?? []).find((entry) => entry.snapshot.live)?.comparison;
  // When the products of every source were removed, this is the first screen again.
  if (!snapshot || snapshot.products === 0) {
    return (
      <section className="live" aria-label="First catalog">
        <h2>
          {isDamaged ? 'No catalog that can be read' : snapshot ? 'The catalog is empty' : 'No catalog yet'}
        </h2>
        <SourcePicker disabled={importing} />
      </section>
    );
  }
  return (
    <section className="live" aria-label="Live catalog">
      <h2>In the catalog</h2>
      <p className="numbers live-counts">
        {formatCounted(snapshot.products, 'product')} · {formatCounted(snapshot.images, 'picture')} ·
        published <Ago time={snapshot.publishedAt} />
      </p>
      <InCatalog />
      {!comparison && (
        <p className="live-hint">Check a source, or drop a feed anywhere, to see what it would change.</p>
      )}
      {comparison && (
        <>
          <h3 className="live-last">What changed with this publish</h3>
          <ComparisonDiff {...comparison} />
        </>
      )}
    </section>
  );
}

function SyncPane({ task }: { task: Task }) {
  switch (task.phase) {
    case 'idle':
      return <Live />;
    case 'planning':
      return <PlanRun feed={task.feed} progress={task.progress} />;
    case 'planned':
      return <PlanView feed={task.feed} plan={task.plan} />;
    case 'syncing':
      return <SyncRun feed={task.feed} progress={task.progress} />;
    case 'done':
      return <SyncReport feed={task.feed} report={task.report} />;
    case 'failed':
      return (
        <>
          <SyncFailure task={task} />
          <Live />
        </>
      );
  }
}

/** A task that runs while the pane shows something else. */
function Elsewhere({ task, pane }: { task: Task; pane: CatalogPane }) {
  const removing = useSources((state) => state.removing !== null);
  const importing = useConnection((state) => state.status?.importing ?? false);
  if ((task.phase === 'planning' || task.phase === 'syncing') && pane.kind !== 'sync') {
    return (
      <Bar>
        <span className="numbers">
          {task.phase === 'planning' ? 'Reading' : 'Importing'} <bdi>{task.feed.name}</bdi>
          {task.progress && `: ${progressWords(task.progress)}`}
        </span>
        <button type="button" className="button" onClick={() => openPane({ kind: 'sync' })}>
          Show
        </button>
      </Bar>
    );
  }
  if (!importing || isBusy(task) || removing) return null;
  return (
    <Bar>
      <span>A sync is running by itself. Match answers from what is live until it is published.</span>
    </Bar>
  );
}

function Pane({ pane, task }: { pane: CatalogPane; task: Task }) {
  if (pane.kind === 'comparison') return <Comparison from={pane.from} to={pane.to} />;
  if (pane.kind === 'source')
    return <SourceEditor key={pane.draft.id ?? pane.draft.where} initial={pane.draft} />;
  return <SyncPane task={task} />;
}

/** Moves the focus to what has appeared, if the focused element is removed, disabled or no longer visible. */
function takeLostFocus(pane: HTMLElement): void {
  const { activeElement } = document;
  const isLost =
    activeElement === null ||
    activeElement === document.body ||
    activeElement.matches(':disabled') ||
    !activeElement.checkVisibility();
  const first = pane.querySelector<HTMLElement>('.note, h2');
  if (!isLost || !first) return;
  first.tabIndex = -1;
  first.focus({ preventScroll: true });
}

/** The sources of the catalog, what a sync would change or has changed, and the snapshots to roll back to. */
export function CatalogScreen() {
  const task = useSync((state) => state.task);
  const pane = useCatalogPane((state) => state.pane);
  const middle = useRef<HTMLDivElement>(null);
  const shown = pane.kind === 'sync' ? task.phase : pane;
  const before = useRef(shown);
  useEffect(() => {
    if (middle.current) middle.current.scrollTop = 0;
    if (shown !== 'idle') middle.current?.scrollIntoView({ block: 'start' });
    if (middle.current && shown !== before.current) takeLostFocus(middle.current);
    before.current = shown;
  }, [shown]);
  return (
    <div className="catalog">
      <h1 className="visually-hidden">Catalog</h1>
      <SourceList />
      <div className="catalog-middle">
        <Elsewhere task={task} pane={pane} />
        <Damage />
        <div ref={middle} className="catalog-pane">
          <Pane pane={pane} task={task} />
        </div>
      </div>
      <SnapshotTimeline />
    </div>
  );
}
