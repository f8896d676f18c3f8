import type { ReactNode } from 'react';
import type { Snapshot } from '../../electron/contract/catalog.ts';
import type { Timings } from '../../electron/contract/search.ts';
import { useConnection } from '../engine/connection.ts';
import { useMatch } from '../match/match.ts';
import { show, useView } from '../page/view.ts';
import { Ago } from '../ui/ago.tsx';
import { formatCounted, formatMilliseconds } from '../ui/format.ts';
import './status-line.css';

const DECODERS = {
  native: 'Pictures are read by the native decoder.',
  wasm: 'Pictures are read by the WebAssembly decoder.',
};

function TimingsWords({ timings }: { timings: Timings }) {
  if (timings.cached) return <span>remembered, {formatMilliseconds(timings.total)} ms</span>;
  const named = (['crop', 'decode', 'embed', 'search'] as const).filter((part) => timings[part] > 0);
  const parts = named.map((part) => (
    <span key={part}>
      {part} {formatMilliseconds(timings[part])}
    </span>
  ));
  return (
    <span className="status-timings">
      {parts}
      <span>total {formatMilliseconds(timings.total)} ms</span>
    </span>
  );
}

/**
 * A snapshot has the name of the source that was published last. When it has several sources, their number is shown instead.
 */
function nameOf({ name, sources = [] }: Snapshot): string {
  return sources.length > 1 ? formatCounted(sources.length, 'source') : name;
}

/** What answered, how fast, and from what. @param children is shown between the two */
export function StatusLine({ children }: { children: ReactNode }) {
  const status = useConnection((state) => state.status);
  // On other screens it shows the model and snapshot in use now, which may be others by then.
  const matching = useView((state) => state.view === 'match');
  const answer = useMatch((state) => (matching ? state.answer : null));
  const snapshot = answer?.snapshot ?? status?.snapshot;
  const model = answer?.model ?? status?.model;
  return (
    <footer className="status-line label numbers">
      {model && (
        <button
          type="button"
          className="status-model"
          aria-label={`Model: ${model.name}, ${answer?.provider ?? status?.provider}`}
          title={`Show the models. ${status ? DECODERS[status.imageDecoder] : ''}`}
          onClick={() => show('models')}
        >
          {model.name} · {answer?.provider ?? status?.provider}
        </button>
      )}
      {answer && <TimingsWords timings={answer.timings} />}
      {children}
      {snapshot && (
        <span className="status-snapshot">
          answering from <bdi>{nameOf(snapshot)}</bdi>, {formatCounted(snapshot.products, 'product')},{' '}
          <Ago time={snapshot.publishedAt} />
        </span>
      )}
      {status?.loading && (
        <span className="status-loading" role="status">
          reading the catalog that was published last…
        </span>
      )}
    </footer>
  );
}
