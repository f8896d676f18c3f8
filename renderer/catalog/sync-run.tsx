import { Check } from 'lucide-react';
import type { ImportProgress } from '../../electron/contract/publishing.ts';
import { engineState, restartEngine } from '../engine/client.ts';
import { useConnection } from '../engine/connection.ts';
import { ErrorNote, Note } from '../ui/note.tsx';
import { PhaseBar } from '../ui/phase-bar.tsx';
import { shareDone } from '../ui/progress-words.ts';
import { faultSentence } from '../ui/sentences.ts';
import { editSource } from './catalog-pane.ts';
import { ConfirmRemovals } from './confirm-removals.tsx';
import { isPack } from './feed-words.ts';
import { PaneHead } from './pane-head.tsx';
import { importSteps, progressWords } from './progress-words.ts';
import { cancelTask, dismissTask, type Feed, planFeed, syncFeed, type Task } from './sync.ts';
import './sync-run.css';

interface RunningProps {
  feed: Feed;
  progress: ImportProgress | null;
}

/** A dry run in progress. */
export function PlanRun({ feed, progress }: RunningProps) {
  return (
    <section className="run" aria-label="Dry run">
      <PaneHead
        title={
          <>
            Reading <bdi>{feed.name}</bdi>
          </>
        }
      >
        <button type="button" className="button" onClick={cancelTask}>
          Cancel
        </button>
      </PaneHead>
      <PhaseBar share={shareDone(progress)} label="Reading the feed" />
      <p className="label numbers">{progress ? progressWords(progress) : 'Starting'}</p>
    </section>
  );
}

/** A sync in progress: its phases, and the progress of the current one. */
export function SyncRun({ feed, progress }: RunningProps) {
  const live = useConnection((state) => state.status?.snapshot);
  const steps = importSteps(progress);
  const now = steps.find(({ state }) => state === 'now')?.words ?? '';
  return (
    <section className="run" aria-label="Import">
      <PaneHead
        title={
          <>
            Importing <bdi>{feed.name}</bdi>
          </>
        }
      >
        <button type="button" className="button" onClick={cancelTask}>
          Cancel
        </button>
      </PaneHead>
      <PhaseBar share={shareDone(progress)} label={now} />
      <p className="label numbers">{progress ? progressWords(progress) : 'Starting'}</p>
      <ol className="steps">
        {steps.map(({ words, state }) => (
          <li key={words} className={`step is-${state}`} aria-current={state === 'now' ? 'step' : undefined}>
            {state === 'done' ? <Check aria-hidden /> : <span className="step-dot" />}
            {words}
          </li>
        ))}
      </ol>
      {live && (
        <p className="label run-meanwhile">
          Match still answers from <bdi>{live.name}</bdi> until this is published.
        </p>
      )}
    </section>
  );
}

/** Continues what was stopped. Finished work is not done again. */
function resume({ stopped, feed }: Extract<Task, { phase: 'failed' }>): void {
  if (engineState.getState().phase === 'stopped') restartEngine();
  if (stopped.phase === 'planning') void planFeed(feed);
  else void syncFeed(feed, stopped);
}

/** The reason why a dry run or a sync stopped, and what can be done about it. */
export function SyncFailure({ task }: { task: Extract<Task, { phase: 'failed' }> }) {
  const { error, feed, stopped } = task;
  const { source } = feed.request;
  const importing = useConnection((state) => state.status?.importing ?? false);
  // A cancelled task releases the catalog a moment later. Until then a second one would be refused.
  const ending = error.code === 'CANCELLED' && importing;
  const resumable =
    stopped.phase === 'syncing' && (error.code === 'CANCELLED' || error.code === 'ENGINE_STOPPED');
  const again = (
    <button type="button" className="button" disabled={ending} onClick={() => resume(task)}>
      {resumable ? 'Resume' : 'Try again'}
    </button>
  );
  const close = (
    <button type="button" className="button quiet" onClick={dismissTask}>
      Close
    </button>
  );
  if (error.code === 'CANCELLED') {
    return (
      <Note
        tone="plain"
        actions={
          <>
            {again}
            {close}
          </>
        }
      >
        {stopped.phase === 'planning' ? 'Cancelled. Nothing was changed.' : faultSentence(error.fault)}
      </Note>
    );
  }
  if (error.code === 'GATE_REMOVALS')
    return <ConfirmRemovals words={faultSentence(error.fault)} removed={null} feed={feed} />;
  return (
    <ErrorNote error={error}>
      {again}
      {error.code === 'FEED_INVALID' && source.kind !== 'sample' && !isPack(source) && (
        <button type="button" className="button" onClick={() => editSource(feed.request)}>
          Say how to read it…
        </button>
      )}
      {close}
    </ErrorNote>
  );
}
