import type { Fault } from '../../electron/contract/faults.ts';
import { useConnection } from '../engine/connection.ts';
import { Note } from '../ui/note.tsx';
import { faultSentence, isOfCatalog } from '../ui/sentences.ts';
import { useLiveSources } from './live-feed.ts';
import { removeSetAside } from './snapshots.ts';
import { isBusy, syncFeed, useSync } from './sync.ts';
import './damage.css';

/** Whether any import repairs it. */
const isMendedByImport = (fault: Fault): boolean =>
  fault.code === 'FILE_DAMAGED'
    ? fault.params.of === 'integrity'
    : /^(CATALOG|SNAPSHOTS|SNAPSHOT_LIST)_DAMAGED$/.test(fault.code);

/** The damage to the catalog, and what can be done about it. */
export function Damage() {
  const notices = useConnection((state) => state.status?.notices) ?? [];
  const sources = useLiveSources();
  const busy = useSync(({ task }) => isBusy(task));
  const faults = notices.filter(isOfCatalog);
  if (faults.length === 0) return null;
  // One import repairs all of them.
  const first = faults.find(isMendedByImport);
  const remedyOf = (fault: Fault) => {
    if (fault.code === 'CATALOG_SET_ASIDE') {
      return (
        <button type="button" className="button" onClick={() => void removeSetAside()}>
          Remove the damaged copy
        </button>
      );
    }
    if (fault !== first) return null;
    // An import restores the products of its own source.
    return sources.map(
      ({ id, name, feed }) =>
        feed && (
          <button
            key={id}
            type="button"
            className="button"
            disabled={busy}
            onClick={() => void syncFeed(feed)}
          >
            Import {sources.length > 1 && <bdi>{name}</bdi>} again
          </button>
        ),
    );
  };
  return (
    <section className="damage" aria-label="Damage">
      {faults.map((fault) => (
        <Note
          key={faultSentence(fault)}
          tone={fault.code === 'CATALOG_SET_ASIDE' ? 'plain' : 'doubt'}
          actions={remedyOf(fault)}
        >
          {faultSentence(fault)}
        </Note>
      ))}
    </section>
  );
}
