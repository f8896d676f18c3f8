import { useEffect, useState } from 'react';
import type { SnapshotDiff } from '../../electron/contract/catalog.ts';
import { LookalikeError } from '../../electron/contract/errors.ts';
import { asLookalikeError, engine } from '../engine/client.ts';
import { DateTime } from '../ui/ago.tsx';
import { ErrorNote } from '../ui/note.tsx';
import { useAfter } from '../ui/use-after.ts';
import { openPane } from './catalog-pane.ts';
import { DiffGroups, DiffSummary, differs } from './diff-groups.tsx';
import { PaneHead } from './pane-head.tsx';
import { rollBack, useSnapshots } from './snapshots.ts';

interface ComparisonProps {
  /** Versions, the older one first. */
  from: number;
  to: number;
}

/** A faster answer shows no message. */
const WAITING_AFTER_MS = 200;

/** The differences; null while they are loading. */
function useComparison({ from, to }: ComparisonProps): SnapshotDiff | LookalikeError | null {
  const [loaded, setLoaded] = useState<{ key: string; diff: SnapshotDiff | LookalikeError }>();
  const key = `${from} ${to}`;
  useEffect(() => {
    const controller = new AbortController();
    engine.compareSnapshots({ from, to }, { signal: controller.signal }).then(
      (diff) => setLoaded({ key, diff }),
      (error) => controller.signal.aborted || setLoaded({ key, diff: asLookalikeError(error) }),
    );
    return () => controller.abort();
  }, [from, to, key]);
  return loaded?.key === key ? loaded.diff : null;
}

function unchanged({ to, added, changed, priceOnly }: SnapshotDiff): number {
  return to.products - added.count - changed.count - priceOnly.count;
}

/** What changed from one snapshot to another. */
export function ComparisonDiff(versions: ComparisonProps) {
  const diff = useComparison(versions);
  const waiting = useAfter(diff === null, WAITING_AFTER_MS);
  if (diff === null) return <p className="label">{waiting && 'Comparing…'}</p>;
  if (diff instanceof LookalikeError) return <ErrorNote error={diff} />;
  return (
    <>
      <DiffSummary diff={diff} unchanged={unchanged(diff)} broken={null} />
      {!differs(diff) && <p className="plan-nothing">The two hold the same products.</p>}
      <DiffGroups diff={diff} />
    </>
  );
}

/** Two snapshots, one of them the live one, with a button to roll back to the other. */
export function Comparison(versions: ComparisonProps) {
  const snapshots = useSnapshots((state) => state.snapshots) ?? [];
  const [from, to] = [versions.from, versions.to].map((version) =>
    snapshots.find((each) => each.version === version),
  );
  const other = [from, to].find((each) => each && !each.live);
  return (
    <section className="plan" aria-label="Comparison">
      <PaneHead
        title={
          <>
            From <bdi>{from?.name}</bdi> to <bdi>{to?.name}</bdi>
          </>
        }
      >
        <button type="button" className="button quiet" onClick={() => openPane({ kind: 'sync' })}>
          Close
        </button>
        {other && (
          <button type="button" className="button" onClick={() => void rollBack(other.version)}>
            {other === from ? 'Roll back to the older' : 'Roll forward to the newer'}
          </button>
        )}
      </PaneHead>
      {from && to && (
        <p className="plan-facts plan-source">
          What changed between <DateTime time={from.publishedAt} /> {from.live && '(live)'} and{' '}
          <DateTime time={to.publishedAt} /> {to.live && '(live)'}
        </p>
      )}
      <ComparisonDiff {...versions} />
    </section>
  );
}
