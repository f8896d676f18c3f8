import { useEffect, useState } from 'react';
import type { UpgradeProgress } from '../../electron/contract/status.ts';
import { engine } from '../engine/client.ts';
import { PhaseBar } from '../ui/phase-bar.tsx';
import { countWords, shareDone } from '../ui/progress-words.ts';

const ASK_EVERY_MS = 500;

/** The progress of the opening engine, polled while it is shown. */
function useUpgrade(): UpgradeProgress | null {
  const [progress, setProgress] = useState<UpgradeProgress | null>(null);
  useEffect(() => {
    let timer: ReturnType<typeof setTimeout> | undefined;
    let gone = false;
    const ask = async () => {
      // The code that follows the status reports why an engine does not answer.
      const answer = await engine.upgrade().catch(() => null);
      if (gone) return;
      setProgress(answer);
      timer = setTimeout(ask, ASK_EVERY_MS);
    };
    void ask();
    return () => {
      gone = true;
      clearTimeout(timer);
    };
  }, []);
  return progress;
}

/** Shown while the engine opens: usually for a moment, and for minutes when the engine migrates an old catalog. */
export function Starting() {
  const progress = useUpgrade();
  if (!progress) return <p className="app-starting">Starting the search engine…</p>;
  return (
    <section className="app-upgrade" aria-label="Bringing your catalog forward">
      <p role="status" className="app-upgrade-title">
        Converting your catalog…
      </p>
      <PhaseBar share={shareDone(progress)} label="Bringing your catalog forward" />
      <p className="label numbers">{countWords(progress, 'record')}</p>
      <p className="label">
        This version of Lookalike stores the catalog in another way. The conversion happens once, and nothing
        is lost. You can close the app: the next start goes on from here.
      </p>
    </section>
  );
}
