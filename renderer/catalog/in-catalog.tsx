import { useState } from 'react';
import { useConnection } from '../engine/connection.ts';
import { formatCounted } from '../ui/format.ts';
import { type LiveSource, useLiveSources } from './live-feed.ts';
import { exportPack, useSnapshots } from './snapshots.ts';
import { removeProducts, useSources } from './sources.ts';
import { isBusy, syncFeed, useSync } from './sync.ts';
import './in-catalog.css';

/** Asks for confirmation in place of the button, and says that the removal can be undone. */
function AskRemove({ source, onAnswered }: { source: LiveSource; onAnswered: () => void }) {
  return (
    <>
      <span className="label">
        {formatCounted(source.products, 'product')} would go. Rolling back brings them back.
      </span>
      <button
        type="button"
        className="button"
        onClick={() => {
          onAnswered();
          void removeProducts(source);
        }}
      >
        Remove
      </button>
      <button
        type="button"
        className="button quiet"
        // biome-ignore lint/a11y/noAutofocus: the button that had the keyboard is gone
        autoFocus
        onClick={onAnswered}
      >
        Keep
      </button>
    </>
  );
}

function Row({ source, disabled, several }: { source: LiveSource; disabled: boolean; several: boolean }) {
  const { name, ref, sample, feed, products, images } = source;
  const [asking, setAsking] = useState(false);
  const removing = useSources((state) => state.removing === source.id);
  const exporting = useSnapshots((state) => state.export?.phase === 'running');
  return (
    <li className="in-catalog-row">
      <h3>
        <bdi>{name}</bdi>
      </h3>
      <p className="numbers in-catalog-counts">
        {formatCounted(products, 'product')} · {formatCounted(images, 'picture')}
      </p>
      <p className="label selectable in-catalog-ref" title={ref}>
        <bdi>{sample ? 'Drawn garments, to try things out' : ref}</bdi>
      </p>
      <div className="in-catalog-buttons">
        {asking ? (
          <AskRemove source={source} onAnswered={() => setAsking(false)} />
        ) : (
          <>
            {feed && (
              <button
                type="button"
                className="button"
                aria-label={several ? `Import ${name} afresh` : undefined}
                title="Reads every picture of it again and takes nothing over. What is live answers until that is done."
                disabled={disabled}
                onClick={() => void syncFeed(feed, { afresh: true })}
              >
                Import afresh
              </button>
            )}
            {several && (
              <>
                <button
                  type="button"
                  className="button"
                  aria-label={`Export ${name} as a pack`}
                  title="One file with the products of this source alone"
                  disabled={exporting}
                  onClick={() => void exportPack(name, source.id)}
                >
                  Export…
                </button>
                <button
                  type="button"
                  className="button"
                  aria-label={`Remove the products of ${name}`}
                  disabled={disabled || removing}
                  onClick={() => setAsking(true)}
                >
                  {removing ? 'Removing…' : 'Remove…'}
                </button>
              </>
            )}
          </>
        )}
      </div>
    </li>
  );
}

/** The sources with products in the catalog, with their actions. */
export function InCatalog() {
  const sources = useLiveSources();
  const importing = useConnection((state) => state.status?.importing ?? false);
  const busy = useSync(({ task }) => isBusy(task));
  return (
    <ul className="in-catalog" aria-label="Sources in the catalog">
      {sources.map((source) => (
        <Row key={source.id} source={source} disabled={importing || busy} several={sources.length > 1} />
      ))}
    </ul>
  );
}
