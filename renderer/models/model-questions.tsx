import { useEffect, useState } from 'react';
import type { LookalikeError } from '../../electron/contract/errors.ts';
import type { ModelState, SwitchPlan } from '../../electron/contract/models.ts';
import { asLookalikeError, engine } from '../engine/client.ts';
import { useConnection } from '../engine/connection.ts';
import { formatBytes } from '../ui/format.ts';
import { ErrorNote, Note } from '../ui/note.tsx';
import { snapshotsKeptWords, switchWords } from './model-words.ts';
import { remove, switchTo } from './models.ts';

interface AskProps {
  model: ModelState;
  onAnswered: () => void;
}

function NotNow({ onAnswered, words }: { onAnswered: () => void; words: string }) {
  return (
    <button
      type="button"
      className="button quiet"
      // biome-ignore lint/a11y/noAutofocus: the button that had the keyboard is gone
      autoFocus
      onClick={onAnswered}
    >
      {words}
    </button>
  );
}

interface SwitchFacts {
  /** The estimated work of the switch; null while the engine measures it, which takes a moment. */
  plan: SwitchPlan | null;
  /** Number of snapshots that can be rolled back to. */
  snapshots: number;
  error: LookalikeError | null;
}

/** The facts that are shown before a switch. */
function useSwitchFacts(id: string): SwitchFacts {
  const [plan, setPlan] = useState<SwitchPlan | null>(null);
  const [snapshots, setSnapshots] = useState(0);
  const [error, setError] = useState<LookalikeError | null>(null);
  useEffect(() => {
    const measuring = new AbortController();
    const { signal } = measuring;
    const fail = (thrown: unknown) => {
      if (!signal.aborted) setError(asLookalikeError(thrown));
    };
    engine.planSwitch({ id }, { signal }).then(setPlan, fail);
    engine.listSnapshots(undefined, { signal }).then((kept) => setSnapshots(kept.length), fail);
    return () => measuring.abort();
  }, [id]);
  return { plan, snapshots, error };
}

/** Asks whether to use a model, and says what that will do. */
export function AskUse({ model, onAnswered }: AskProps) {
  const status = useConnection((state) => state.status);
  const { plan, snapshots, error } = useSwitchFacts(model.id);
  if (!status) return null;
  if (error) {
    return (
      <ErrorNote error={error}>
        <NotNow words="Close" onAnswered={onAnswered} />
      </ErrorNote>
    );
  }
  const busy = status.importing || status.switchingTo !== null;
  const use = () => {
    onAnswered();
    void switchTo(model);
  };
  return (
    <Note
      tone="plain"
      actions={
        <>
          <button type="button" className="button primary" disabled={busy} onClick={use}>
            Use {model.name}
          </button>
          <NotNow words="Not now" onAnswered={onAnswered} />
        </>
      }
    >
      {busy
        ? 'The catalog is being worked on. The model can be changed when that is done.'
        : `${switchWords(status.model.name, status.snapshot?.images ?? 0, plan)} ${snapshotsKeptWords(status.model.name, snapshots)}`}
    </Note>
  );
}

/** Asks whether to remove a model, and says what that frees and deletes. */
export function AskRemove({ model, onAnswered }: AskProps) {
  const { name, bytesHere, installed, downloadable } = model;
  const size = formatBytes(bytesHere);
  const back = downloadable ? 'It can be downloaded again.' : 'It can only be installed again from a file.';
  const words = installed
    ? `Removing ${name} frees ${size} of disk, and takes away the snapshots made with it. ${back}`
    : `Discarding what was downloaded frees ${size} of disk. A new download starts over.`;
  return (
    <Note
      tone="plain"
      actions={
        <>
          <button
            type="button"
            className="button"
            onClick={() => {
              onAnswered();
              void remove(model.id);
            }}
          >
            {installed ? 'Remove' : 'Discard'}
          </button>
          <NotNow words="Keep" onAnswered={onAnswered} />
        </>
      }
    >
      {words}
    </Note>
  );
}
