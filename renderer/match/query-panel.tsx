import { ArrowLeft, Crop, Scan, X } from 'lucide-react';
import { useRef } from 'react';
import { clearQuery, goBack, type PhotoQuery, type ProductQuery, setCrop, useMatch } from '../store/match.ts';
import { Picture } from '../ui/picture.tsx';
import { CropPhoto } from './crop-photo.tsx';
import { Recents } from './recents.tsx';
import './query-panel.css';

/** Where a crop starts when it is asked for by button or key: the middle of the photo. */
const MIDDLE = { x: 0.2, y: 0.2, width: 0.6, height: 0.6 };

function Photo({ query }: { query: PhotoQuery }) {
  if (query.view === 'loading') return <div className="query-empty" />;
  if (query.view === 'none') return <p className="query-empty label">No preview of this picture</p>;
  return <CropPhoto url={query.view.url} name={query.name} crop={query.crop} onCrop={setCrop} />;
}

function PhotoActions({ query, onBrowse }: { query: PhotoQuery; onBrowse: () => void }) {
  const actions = useRef<HTMLDivElement>(null);
  const crop = () => {
    setCrop(MIDDLE);
    // The new box is there once React has drawn it.
    requestAnimationFrame(() => {
      const panel = actions.current?.closest('.query');
      panel?.querySelector<HTMLElement>('.ReactCrop__crop-selection')?.focus();
    });
  };
  return (
    <div className="query-actions" ref={actions}>
      <button type="button" className="button" onClick={onBrowse}>
        Browse…
      </button>
      {query.crop ? (
        <button type="button" className="button" onClick={() => setCrop(null)}>
          <Scan aria-hidden /> Reset crop
        </button>
      ) : (
        typeof query.view === 'object' && (
          <button type="button" className="button" onClick={crop}>
            <Crop aria-hidden /> Crop
          </button>
        )
      )}
      <button
        type="button"
        className="icon-button"
        aria-label="Clear photo"
        title="Clear (Esc)"
        onClick={clearQuery}
      >
        <X aria-hidden />
      </button>
    </div>
  );
}

function Product({ query }: { query: ProductQuery }) {
  const trail = useMatch((state) => state.trail);
  const from = trail.at(-1);
  return (
    <>
      <Picture id={query.product.thumbnail} alt={query.product.title} />
      <p className="query-name">
        <span className="label">More like </span>
        <bdi>{query.product.title}</bdi>
      </p>
      <div className="query-actions">
        {from && (
          <button type="button" className="button" onClick={goBack}>
            <ArrowLeft aria-hidden /> {from.kind === 'photo' ? 'Back to your photo' : 'Back'}
          </button>
        )}
        <button
          type="button"
          className="icon-button"
          aria-label="Clear"
          title="Clear (Esc)"
          onClick={clearQuery}
        >
          <X aria-hidden />
        </button>
      </div>
    </>
  );
}

/** What is being looked for. */
export function QueryPanel({ onBrowse }: { onBrowse: () => void }) {
  const query = useMatch((state) => state.query);
  if (!query) return null;
  return (
    <section className="query" aria-label="Query">
      <div className="query-now">
        {query.kind === 'product' ? (
          <Product query={query} />
        ) : (
          <>
            <div className="query-photo">
              <Photo query={query} />
            </div>
            <div className="query-about">
              <PhotoActions query={query} onBrowse={onBrowse} />
              {typeof query.view === 'object' && (
                <p className="label query-hint">
                  {query.crop ? 'Searching inside the box.' : 'Drag on the photo to search one part of it.'}
                </p>
              )}
            </div>
          </>
        )}
      </div>
      <div className="query-recents">
        <Recents />
      </div>
    </section>
  );
}
