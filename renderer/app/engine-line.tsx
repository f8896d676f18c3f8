import { useStore } from 'zustand';
import type { Fault } from '../../electron/contract/faults.ts';
import { engineSilence, engineState, restartEngine } from '../engine/client.ts';
import { dismissRestart, useConnection } from '../engine/connection.ts';
import { Bar } from '../ui/bar.tsx';
import { faultSentence } from '../ui/sentences.ts';

function RestartButton() {
  return (
    <button type="button" className="button" onClick={restartEngine}>
      Restart
    </button>
  );
}

/** Why the engine stopped: details for support, hidden by default. */
function Why({ fault }: { fault: Fault | null }) {
  if (fault === null) return null;
  return (
    <details className="engine-why">
      <summary>Why?</summary>
      <span className="selectable">{faultSentence(fault)}</span>
    </details>
  );
}

/** The line that reports an engine that crashed or does not answer. */
export function EngineLine() {
  const state = useStore(engineState);
  const silent = useStore(engineSilence, (silence) => silence.silent);
  const restart = useConnection((connection) => connection.restart);
  if (state.phase === 'stopped') {
    return (
      <Bar tone="loss">
        <div>
          The search engine stopped and could not be started again. <Why fault={state.fault} />
        </div>
        <RestartButton />
      </Bar>
    );
  }
  if (state.phase === 'restarting') {
    return (
      <Bar tone="doubt">
        <span>The search engine stopped. Starting it again…</span>
      </Bar>
    );
  }
  if (silent) {
    return (
      <Bar tone="doubt">
        <span>
          The search engine does not answer. It may be busy and come back by itself; if it does not, restart
          it. Nothing is lost by that.
        </span>
        <RestartButton />
      </Bar>
    );
  }
  if (!restart) return null;
  return (
    <Bar tone="doubt">
      <div>
        {['The search engine stopped and was restarted.', ...restart.resumed].join(' ')}{' '}
        <Why fault={restart.fault} />
      </div>
      <button type="button" className="button quiet" onClick={dismissRestart}>
        OK
      </button>
    </Bar>
  );
}
