import { HardDriveDownload, RotateCcw, RotateCw } from 'lucide-react';
import { type KeyboardEvent, useRef } from 'react';
import { useConnection } from '../engine/connection.ts';
import { Ago, DateTime } from '../ui/ago.tsx';
import { formatBytes, formatCount, formatCounted, formatDateTime, formatDuration } from '../ui/format.ts';
import { ErrorNote, Note } from '../ui/note.tsx';
import { PhaseBar } from '../ui/phase-bar.tsx';
import { shareDone } from '../ui/progress-words.ts';
import { openPane, useCatalogPane } from './catalog-pane.ts';
import { sourcesOf } from './live-feed.ts';
import { cancelExport, dismissMoved, dismissSaved, exportPack, rollBack, useSnapshots } from './snapshots.ts';
import { deltas, sourcesGone, type TimelineEntry, timeline } from './timeline-words.ts';
import './snapshot-timeline.css';

interface EntryProps {
  entry: TimelineEntry;
  /** Whether it was published after the live one, so that rolling back to it goes forward in time. */
  newer: boolean;
}

function Entry({ entry, newer }: EntryProps) {
  const { snapshot, comparison, before, branched } = entry;
  const { version, name, live, damaged, publishedAt, products, images, seconds } = snapshot;
  const compared = useCatalogPane(
    ({ pane }) => pane.kind === 'comparison' && !live && (pane.from === version || pane.to === version),
  );
  const delta = deltas(entry);
  const sources = sourcesOf(snapshot);
  const gone = sourcesGone(entry);
  const GoIcon = newer ? RotateCw : RotateCcw;
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key.toLowerCase() !== 'r' || live || damaged || event.ctrlKey || event.metaKey || event.altKey)
      return;
    event.preventDefault();
    void rollBack(version);
  };
  return (
    <li className={`snapshot ${live ? 'is-live' : ''} ${compared ? 'is-current' : ''}`}>
      <button
        type="button"
        className="snapshot-main"
        aria-disabled={!comparison}
        aria-keyshortcuts={live || damaged ? undefined : 'R'}
        title={
          comparison ? (live ? 'What changed with this publish' : 'Compare with the live one') : undefined
        }
        onClick={() => comparison && openPane({ kind: 'comparison', ...comparison })}
        onKeyDown={onKeyDown}
      >
        <span className="snapshot-head">
          <bdi className="snapshot-name" title={name}>
            {name}
          </bdi>
          {live && <span className="snapshot-live">Live</span>}
          {damaged && <span className="snapshot-damaged">Damaged</span>}
        </span>
        <span className="numbers">
          {formatCounted(products, 'product')} <span className="snapshot-delta">{delta.products}</span>
        </span>
        <span className="numbers">
          {formatCounted(images, 'picture')} <span className="snapshot-delta">{delta.images}</span>
        </span>
        <span className="label numbers">
          <DateTime time={publishedAt} />
        </span>
        <span className="label numbers">
          <Ago time={publishedAt} />
          {seconds !== null && `, took ${formatDuration(seconds)}`}
        </span>
        {sources.length > 1 && (
          <span className="label numbers snapshot-sources">
            {sources.map(({ id, name: source, products: count }) => (
              <span key={id}>
                <bdi>{source}</bdi> {formatCount(count)}
              </span>
            ))}
          </span>
        )}
        {gone.length > 0 && <span className="label">Without {gone.join(', ')}</span>}
        {branched && before && (
          <span className="label numbers">
            Replaced “<bdi>{before.name}</bdi>” of <DateTime time={before.publishedAt} />
          </span>
        )}
      </button>
      {!live && !damaged && (
        <button
          type="button"
          className="button snapshot-go"
          aria-label={`${newer ? 'Roll forward' : 'Roll back'} to ${name}, ${formatDateTime(publishedAt)}`}
          title={`${newer ? 'Roll forward' : 'Roll back'} (R)`}
          onClick={() => void rollBack(version)}
        >
          <GoIcon aria-hidden /> {newer ? 'Roll forward' : 'Roll back'}
        </button>
      )}
      {live && <Moved />}
    </li>
  );
}

/** The result of a rollback, with its undo. */
function Moved() {
  const moved = useSnapshots((state) => state.moved);
  if (!moved) return null;
  const { from, to } = moved;
  return (
    <Note
      tone="plain"
      actions={
        <>
          <button type="button" className="button" onClick={() => void rollBack(from.version)}>
            Undo
          </button>
          <button type="button" className="button quiet" onClick={dismissMoved}>
            OK
          </button>
        </>
      }
    >
      Match now answers from <strong>{to.name}</strong>, {formatCounted(to.products, 'product')}, published{' '}
      <DateTime time={to.publishedAt} />.
    </Note>
  );
}

function Export({ name }: { name: string }) {
  const state = useSnapshots((snapshots) => snapshots.export);
  if (state?.phase === 'running') {
    return (
      <div className="snapshot-export">
        <PhaseBar share={shareDone(state.progress)} label="Writing the pack" />
        <button type="button" className="button" onClick={cancelExport}>
          Cancel
        </button>
      </div>
    );
  }
  return (
    <>
      <button
        type="button"
        className="button"
        title="One file with the live catalog, for stores without a network"
        onClick={() => void exportPack(name)}
      >
        <HardDriveDownload aria-hidden /> Export as pack…
      </button>
      {state?.phase === 'done' && (
        <Note
          tone="plain"
          actions={
            <button type="button" className="button quiet" onClick={dismissSaved}>
              OK
            </button>
          }
        >
          Saved <bdi>{state.file}</bdi>, {formatBytes(state.bytes)}. Another store imports it by dropping it
          on the window.
        </Note>
      )}
    </>
  );
}

/** Says that other models may have further snapshots. */
function OfThisModel() {
  const inUse = useConnection((state) => state.status?.model.name);
  const ofOtherModels = useSnapshots((state) => state.ofOtherModels);
  if (!ofOtherModels) return null;
  return (
    <p className="label snapshot-none">
      These were made with {inUse}. Snapshots made with another model are kept, and shown while that model is
      in use.
    </p>
  );
}

/** All kept snapshots, newest first. */
export function SnapshotTimeline() {
  const { snapshots, disk, error, unread } = useSnapshots();
  const list = useRef<HTMLOListElement>(null);
  const entries = timeline(snapshots ?? []);
  const liveAt = entries.findIndex(({ snapshot }) => snapshot.live);
  const live = entries[liveAt]?.snapshot;
  const onKeyDown = (event: KeyboardEvent) => {
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (step === 0) return;
    event.preventDefault();
    const buttons = Array.from(list.current?.querySelectorAll<HTMLElement>('.snapshot-main') ?? []);
    const at = buttons.findIndex((button) => button.parentElement?.contains(document.activeElement));
    buttons[at + step]?.focus();
  };
  return (
    <section className="catalog-snapshots" aria-label="Snapshots">
      <header className="side-head">
        <h2>Snapshots</h2>
        {disk && disk.bytes > 0 && (
          <span
            className="label numbers"
            title={`All snapshots together, in ${formatCounted(disk.files, 'file')}`}
          >
            {formatBytes(disk.bytes)} on disk
          </span>
        )}
      </header>
      <div className="snapshot-notes">
        {error && <ErrorNote error={error} />}
        {unread && <ErrorNote error={unread} />}
        {live !== undefined && live.products > 0 && <Export name={live.name} />}
      </div>
      {snapshots?.length === 0 && (
        <p className="label snapshot-none">
          Every publish is kept here, so that you can go back to it in one click.
        </p>
      )}
      <ol ref={list} className="snapshots" onKeyDown={onKeyDown}>
        {entries.map((entry, index) => (
          <Entry key={entry.snapshot.version} entry={entry} newer={index < liveAt} />
        ))}
      </ol>
      <OfThisModel />
    </section>
  );
}
