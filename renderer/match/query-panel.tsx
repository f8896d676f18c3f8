import { ArrowLeft, Camera, Crop, FolderOpen, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { Picture } from '../engine/picture.tsx';
import { CropPhoto } from '../ui/crop-photo.tsx';
import { useAfter } from '../ui/use-after.ts';
import { isTaken, openCamera } from './camera.ts';
import { KeepSearch } from './keep-search.tsx';
import { KeptSearches } from './kept-list.tsx';
import { useMatch } from './match.ts';
import { NewPhotoMenu } from './new-photo-menu.tsx';
import { PhotoSteps } from './photo-steps.tsx';
import { cropOf, type PhotoQuery, type ProductQuery, type Query, type WordsQuery } from './query.ts';
import { clearQuery, goBack, setCrop } from './query-actions.ts';
import { RankingControls } from './ranking-controls.tsx';
import { Recents } from './recent-list.tsx';
import { Understood } from './understood.tsx';
import { WordsReach } from './words-reach.tsx';
import './query-panel.css';

/** The initial crop for the crop button or key, when none was proposed: the middle of the photo. */
const MIDDLE = { x: 0.2, y: 0.2, width: 0.6, height: 0.6 };

function Photo({ query }: { query: PhotoQuery }) {
  if (query.view === 'loading') return <div className="query-empty" />;
  if (query.view === 'none') return <p className="query-empty label">No preview of this picture</p>;
  const crop = cropOf(query);
  return (
    <CropPhoto
      url={query.view.url}
      name={query.name}
      crop={crop?.box ?? null}
      proposed={crop?.proposed ?? false}
      onCrop={setCrop}
    />
  );
}

function PhotoActions({ query, onBrowse }: { query: PhotoQuery; onBrowse: () => void }) {
  const actions = useRef<HTMLDivElement>(null);
  const crop = () => {
    setCrop(query.proposal ?? MIDDLE);
    // The new box exists once React has drawn it.
    requestAnimationFrame(() => {
      const panel = actions.current?.closest('.query');
      panel?.querySelector<HTMLElement>('.ReactCrop__crop-selection')?.focus();
    });
  };
  return (
    <div className="query-actions" ref={actions}>
      {isTaken(query.file) ? (
        <button type="button" className="button" onClick={openCamera}>
          <Camera aria-hidden /> Retake
        </button>
      ) : (
        <>
          <button
            type="button"
            className="icon-button"
            aria-label="Browse…"
            title="Another photo: browse…"
            onClick={onBrowse}
          >
            <FolderOpen aria-hidden />
          </button>
          <NewPhotoMenu />
        </>
      )}
      {cropOf(query) ? (
        <button type="button" className="button" title="Search all of it (Esc)" onClick={() => setCrop(null)}>
          Whole photo
        </button>
      ) : (
        typeof query.view === 'object' && (
          <button type="button" className="button" onClick={crop}>
            <Crop aria-hidden /> Crop
          </button>
        )
      )}
      <span className="query-actions-end">
        <KeepSearch />
        <button
          type="button"
          className="icon-button"
          aria-label="Clear photo"
          title="Clear (Esc)"
          onClick={clearQuery}
        >
          <X aria-hidden />
        </button>
      </span>
    </div>
  );
}

function CropHint({ query }: { query: PhotoQuery }) {
  const crop = cropOf(query);
  if (typeof query.view !== 'object') return null;
  if (crop && !crop.proposed && query.also.length > 0)
    return <p className="label query-hint">Searching inside your box, and all of the other photos.</p>;
  const words = crop
    ? crop.proposed
      ? 'Searching inside the proposed box. Drag to change it.'
      : 'Searching inside your box.'
    : 'Drag on the photo to search one part of it.';
  return <p className="label query-hint">{words}</p>;
}

const BACK: Record<Query['kind'], string> = {
  photo: 'Back to your photo',
  product: 'Back',
  words: 'Back to your words',
};

function ProductActions() {
  const from = useMatch((state) => state.trail.at(-1));
  return (
    <div className="query-actions">
      {from && (
        <button type="button" className="button" onClick={goBack}>
          <ArrowLeft aria-hidden /> {BACK[from.kind]}
        </button>
      )}
      <span className="query-actions-end">
        <KeepSearch />
        <button
          type="button"
          className="icon-button"
          aria-label="Clear"
          title="Clear (Esc)"
          onClick={clearQuery}
        >
          <X aria-hidden />
        </button>
      </span>
    </div>
  );
}

function Product({ query }: { query: ProductQuery }) {
  return (
    <>
      <Picture id={query.product.thumbnail} alt={query.product.title} />
      <div className="query-about">
        <p className="query-name">
          <span className="label">More like </span>
          <bdi>{query.product.title}</bdi>
        </p>
        <ProductActions />
        <Understood words={query.words} />
        <RankingControls query={query} />
        <WordsReach />
      </div>
    </>
  );
}

function PhotoNow({ query, onBrowse }: { query: PhotoQuery; onBrowse: () => void }) {
  return (
    <>
      <div className="query-photo">
        <Photo query={query} />
      </div>
      <div className="query-about">
        <PhotoSteps query={query} />
        <PhotoActions query={query} onBrowse={onBrowse} />
        <CropHint query={query} />
        <Understood words={query.words} />
        <RankingControls query={query} />
        <WordsReach />
      </div>
    </>
  );
}

function WordsNow({ query: { words }, onBrowse }: { query: WordsQuery; onBrowse: () => void }) {
  return (
    <div className="query-about">
      <p className="query-words selectable" dir="auto" title={words.text}>
        {words.text}
      </p>
      <Understood words={words} />
      <WordsReach />
      <p className="label query-hint">Drop a photo anywhere to match that instead.</p>
      <div className="query-actions">
        <button type="button" className="button" onClick={onBrowse}>
          Browse…
        </button>
        <NewPhotoMenu />
        <KeepSearch />
      </div>
    </div>
  );
}

/** Searches of before, with their pictures, are drawn when the first answer on this screen is there. */
const RECENTS_AFTER_MS = 100;

/** The query. */
export function QueryPanel({ onBrowse }: { onBrowse: () => void }) {
  const query = useMatch((state) => state.query);
  const answered = useMatch(({ search: { phase } }) => phase === 'idle' || phase === 'failed');
  const calm = useAfter(answered, RECENTS_AFTER_MS);
  const [wasCalm, setWasCalm] = useState(false);
  if (calm && !wasCalm) setWasCalm(true);
  if (!query) return null;
  return (
    <section className="query" aria-label="Query">
      <div className="query-now">
        {query.kind === 'photo' && <PhotoNow query={query} onBrowse={onBrowse} />}
        {query.kind === 'product' && <Product query={query} />}
        {query.kind === 'words' && <WordsNow query={query} onBrowse={onBrowse} />}
      </div>
      {wasCalm && (
        <div className="query-recents">
          <KeptSearches />
          <Recents />
        </div>
      )}
    </section>
  );
}
