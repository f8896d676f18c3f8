import { Check } from 'lucide-react';
import { Progress } from 'radix-ui';
import type { FeedSource, ImportProgress } from '../../electron/contract/schemas.ts';
import { engineState, restartEngine } from '../engine.ts';
import { cancelImport, type ImportRun, startImport } from '../store/import.ts';
import { ErrorNote, Note } from '../ui/note.tsx';
import { importSteps, progressWords, sourceName } from './progress-words.ts';
import './import-run.css';

function Running({ source, progress }: { source: FeedSource; progress: ImportProgress | null }) {
  const share = progress?.total ? Math.min(progress.done / progress.total, 1) : null;
  const steps = importSteps(progress);
  const now = steps.find(({ state }) => state === 'now')?.words ?? '';
  return (
    <section className="run" aria-label="Import">
      <header className="run-head">
        <h2>
          Importing <bdi>{sourceName(source)}</bdi>
        </h2>
        <button type="button" className="button" onClick={cancelImport}>
          Cancel
        </button>
      </header>
      <Progress.Root className="progress" value={share === null ? null : share * 100} aria-label={now}>
        <Progress.Indicator
          className="progress-bar"
          {...(share !== null && { style: { transform: `scaleX(${share})` } })}
        />
      </Progress.Root>
      <p className="label numbers">{progress ? progressWords(progress) : 'Starting'}</p>
      <ol className="steps">
        {steps.map(({ words, state }) => (
          <li key={words} className={`step is-${state}`} aria-current={state === 'now' ? 'step' : undefined}>
            {state === 'done' ? <Check aria-hidden /> : <span className="step-dot" />}
            {words}
          </li>
        ))}
      </ol>
    </section>
  );
}

/** Goes on with an import; what was finished is known and not done again. */
function resume(source: FeedSource): void {
  if (engineState.getState().phase === 'stopped') restartEngine();
  void startImport(source);
}

/** The import under way, or what stopped it. Nothing when there is neither. */
export function ImportRunView({ run }: { run: ImportRun }) {
  if (run.phase === 'running') return <Running source={run.source} progress={run.progress} />;
  if (run.phase !== 'failed') return null;
  const { error, source } = run;
  const resumable = error.code === 'CANCELLED' || error.code === 'ENGINE_STOPPED';
  const again = (
    <button type="button" className="button" onClick={() => resume(source)}>
      {resumable ? 'Resume' : 'Try again'}
    </button>
  );
  if (error.code === 'CANCELLED') {
    return (
      <Note tone="plain" actions={again}>
        {error.message}
      </Note>
    );
  }
  return <ErrorNote error={error}>{again}</ErrorNote>;
}
