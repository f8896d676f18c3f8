import { useStore } from 'zustand';
import { engineSilence, engineState, restartEngine } from '../engine/client.ts';
import { dismissRestart, useConnection } from '../engine/connection.ts';
import { Bar } from '../ui/bar.tsx';

function RestartButton() {
  return (
    <button type="button" className="button" onClick={restartEngine}>
      Restart
    </button>
  );
}

/** Why the engine stopped: for whoever is called to help, and out of everyone else's way. */
function Why({ reason }: { reason: string | null }) {
  if (reason === null) return null;
  return (
    <details className="engine-why">
      <summary>Why?</summary>
      <span className="selectable">{reason}</span>
    </details>
  );
}

/** The one honest line about an engine that died or does not answer. */
export function EngineLine() {
  const state = useStore(engineState);
  const silent = useStore(engineSilence, (silence) => silence.silent);
  const restart = useConnection((connection) => connection.restart);
  if (state.phase === 'stopped') {
    return (
      <Bar tone="loss">
        <div>
          The search engine stopped and could not be started again. <Why reason={state.reason} />
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
        <Why reason={restart.reason} />
      </div>
      <button type="button" className="button quiet" onClick={dismissRestart}>
        OK
      </button>
    </Bar>
  );
}
