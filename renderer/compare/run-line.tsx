import { Play, RotateCcw, Square } from 'lucide-react';
import type { ComparisonState } from '../../electron/contract/compare.ts';
import { formatCounted } from '../ui/format.ts';
import { PhaseBar } from '../ui/phase-bar.tsx';
import { countWords, shareDone } from '../ui/progress-words.ts';
import { faultSentence } from '../ui/sentences.ts';
import { run, stop } from './document.ts';
import { useDocument } from './open-document.ts';
import { setFilters, setView } from './order.ts';
import './run-line.css';

type Progress = NonNullable<ComparisonState['progress']>;

const PHASES: Record<Progress['phase'], string> = {
  waiting: 'Waiting for another comparison',
  listing: 'Listing the pictures',
  comparing: 'Comparing',
};

function Running({ progress }: { progress: Progress }) {
  return (
    <div className="run-line">
      <div className="run-words">
        <PhaseBar share={shareDone(progress)} label="Pictures compared" />
        <span className="numbers">
          {PHASES[progress.phase]} <span className="label">{countWords(progress, 'picture')}</span>
        </span>
      </div>
      <button type="button" className="button" onClick={() => void stop()}>
        <Square aria-hidden /> Stop
      </button>
    </div>
  );
}

/** What is left after a run: pictures that it has not come to, and those that cannot be read. */
function Rest({ state }: { state: ComparisonState }) {
  const { waiting, failed, rows } = state.comparison.counts;
  const { ended } = state;
  const unfinished = waiting > 0 || rows === 0;
  const why = ended && ended.code !== 'CANCELLED' ? faultSentence(ended) : null;
  const filtered = useDocument(({ filters }) => filters.status?.[0] === 'failed');
  if (!unfinished && failed === 0 && why === null) return null;
  return (
    <div className="run-line">
      <p className={`run-words ${why === null ? '' : 'is-loss'}`}>
        {why}{' '}
        {unfinished &&
          (rows === 0
            ? 'The pictures are not listed yet.'
            : `${formatCounted(waiting, 'picture')} not run yet.`)}{' '}
        {failed > 0 && `${formatCounted(failed, 'picture')} could not be read.`}
      </p>
      {failed > 0 && !filtered && (
        <button
          type="button"
          className="button quiet"
          onClick={() => {
            setView('table');
            setFilters({ status: ['failed'] });
          }}
        >
          Show them
        </button>
      )}
      {failed > 0 && !unfinished && (
        <button type="button" className="button quiet" onClick={() => void run(true)}>
          <RotateCcw aria-hidden /> Try them again
        </button>
      )}
      {unfinished && (
        <button type="button" className="button" onClick={() => void run()}>
          <Play aria-hidden /> Go on
        </button>
      )}
    </div>
  );
}

/**
 * The run under way, or what it has left. In focus only what went wrong and what is not run yet: the pictures have its room
 * there, and do not change their size when a run ends.
 */
export function RunLine() {
  const state = useDocument(({ state }) => state);
  const inFocus = useDocument(({ view }) => view === 'focus');
  if (!state) return null;
  const { progress, ended, comparison } = state;
  const isWhole = comparison.counts.waiting === 0 && (ended === null || ended.code === 'CANCELLED');
  if (inFocus && (progress !== null || isWhole)) return null;
  return progress ? <Running progress={progress} /> : <Rest state={state} />;
}
