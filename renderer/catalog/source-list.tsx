import { FileText, Folder, Globe, Package, Pencil, Plus, Shapes, Trash2 } from 'lucide-react';
import { useState } from 'react';
import type { SourceStatus } from '../../electron/contract/publishing.ts';
import { useConnection } from '../engine/connection.ts';
import { Ago } from '../ui/ago.tsx';
import { formatCounted, formatExact } from '../ui/format.ts';
import { ErrorNote } from '../ui/note.tsx';
import { faultSentence } from '../ui/sentences.ts';
import { useNow } from '../ui/use-now.ts';
import { openPane, useCatalogPane } from './catalog-pane.ts';
import { isPack, sourceAddress } from './feed-words.ts';
import { draftOf, NEW_DRAFT } from './source-draft.ts';
import { healthOf, scheduleWords } from './source-health.ts';
import { removeSource, useSources } from './sources.ts';
import { type Feed, isBusy, planFeed, useSync } from './sync.ts';
import './source-list.css';

const SAMPLE: Feed = { name: 'Sample catalog', request: { source: { kind: 'sample' } } };

/** The feed of a saved source, for a sync. */
export function feedOf({ source }: SourceStatus): Feed {
  const { id, name, location, format, mapping, charset = null, imageBase = null } = source;
  return { name, request: { source: location, format, mapping, charset, imageBase, sourceId: id } };
}

function PlaceIcon({ source }: { source: SourceStatus['source'] }) {
  const { location, format } = source;
  if (isPack(location)) return <Package aria-hidden />;
  if (format === 'folder') return <Folder aria-hidden />;
  if (location.kind === 'sample') return <Shapes aria-hidden />;
  return location.kind === 'url' ? <Globe aria-hidden /> : <FileText aria-hidden />;
}

/** Removing asks for confirmation in place of the button: the source cannot be restored. */
function RowButtons({ source }: SourceStatus) {
  const [asking, setAsking] = useState(false);
  const removing = useSources((state) => state.removing === source.id);
  const snapshot = useConnection((state) => state.status?.snapshot);
  const importing = useConnection((state) => state.status?.importing ?? false);
  const products = snapshot?.sources?.find(({ id }) => id === source.id);
  if (removing) return <p className="label source-rest">Removing its products…</p>;
  if (asking) {
    return (
      <div className="source-buttons is-asking">
        {products && (
          <>
            <p className="label">The catalog has {formatCounted(products.products, 'product')} of it.</p>
            <button
              type="button"
              className="button"
              disabled={importing}
              onClick={() => {
                setAsking(false);
                void removeSource(source, products);
              }}
            >
              Remove with its products
            </button>
          </>
        )}
        <button type="button" className="button" onClick={() => void removeSource(source)}>
          {products ? 'Remove only the source' : 'Remove'}
        </button>
        <button
          type="button"
          className="button quiet"
          // biome-ignore lint/a11y/noAutofocus: the button that had the keyboard is gone
          autoFocus
          onClick={() => setAsking(false)}
        >
          Keep
        </button>
      </div>
    );
  }
  return (
    <div className="source-buttons">
      <button
        type="button"
        className="icon-button"
        aria-label={`Edit ${source.name}`}
        title="Edit"
        onClick={() => openPane({ kind: 'source', draft: draftOf(source) })}
      >
        <Pencil aria-hidden />
      </button>
      <button
        type="button"
        className="icon-button"
        aria-label={`Remove ${source.name}`}
        title="Remove"
        onClick={() => setAsking(true)}
      >
        <Trash2 aria-hidden />
      </button>
    </div>
  );
}

function Check({ feed, disabled }: { feed: Feed; disabled: boolean }) {
  return (
    <button
      type="button"
      className="button source-check"
      aria-label={`Check ${feed.name}`}
      title="See what it would change"
      disabled={disabled}
      onClick={() => void planFeed(feed)}
    >
      Check
    </button>
  );
}

function Times({ status }: { status: SourceStatus }) {
  const { lastSync, nextSyncAt } = status;
  const schedule = scheduleWords(status, useNow());
  if (!lastSync && !schedule) return null;
  return (
    <p className="label" title={nextSyncAt ? `Next: ${formatExact(nextSyncAt)}` : undefined}>
      {lastSync && <Ago time={lastSync.at} />}
      {lastSync && schedule && ' · '}
      {schedule}
    </p>
  );
}

function SourceRow({ status, disabled }: { status: SourceStatus; disabled: boolean }) {
  const { source, lastSync } = status;
  const health = healthOf(status);
  const wrong = lastSync?.result === 'failed' || lastSync?.result === 'refused';
  const current = useSync(({ task }) => task.phase !== 'idle' && task.feed.request.sourceId === source.id);
  return (
    <li className={`source-row ${current ? 'is-current' : ''}`} aria-current={current || undefined}>
      <PlaceIcon source={source} />
      <h3 title={source.name}>
        <bdi>{source.name}</bdi>
      </h3>
      <p className="label source-address" title={sourceAddress(source.location)}>
        <bdi>{sourceAddress(source.location)}</bdi>
      </p>
      <Check feed={feedOf(status)} disabled={disabled} />
      <p className={`source-health is-${health.tone}`}>{health.words}</p>
      <RowButtons {...status} />
      <div className="source-rest">
        {wrong && lastSync.fault && <p className="label selectable">{faultSentence(lastSync.fault)}</p>}
        <Times status={status} />
      </div>
    </li>
  );
}

/** The saved sources, each with its health, and the sample. */
export function SourceList() {
  const { sources, error } = useSources();
  const busy = useSync(({ task }) => isBusy(task));
  const elsewhere = useConnection((state) => state.status?.importing ?? false);
  const adding = useCatalogPane(({ pane }) => pane.kind === 'source' && pane.draft.id === null);
  const disabled = busy || elsewhere;
  return (
    <section className="catalog-sources" aria-label="Sources">
      <header className="side-head">
        <h2>Sources</h2>
        <button
          type="button"
          className="button"
          aria-pressed={adding}
          onClick={() => openPane({ kind: 'source', draft: { ...NEW_DRAFT } })}
        >
          <Plus aria-hidden /> Add
        </button>
      </header>
      {error && <ErrorNote error={error} />}
      <ul className="source-rows">
        {sources?.map((status) => (
          <SourceRow key={status.source.id} status={status} disabled={disabled} />
        ))}
        <li className="source-row">
          <Shapes aria-hidden />
          <h3>Sample catalog</h3>
          <p className="label source-address">Drawn garments, to try things out</p>
          <Check feed={SAMPLE} disabled={disabled} />
        </li>
      </ul>
      <p className="label source-hint">
        Or drop a feed or a catalog pack anywhere. Nothing changes before you have seen what would.
      </p>
    </section>
  );
}
