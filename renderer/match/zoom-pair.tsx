import { Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { type ReactNode, useRef } from 'react';
import type { CropBox } from '../../electron/contract/search.ts';
import { Picture } from '../engine/picture.tsx';
import { formatShare } from '../ui/format.ts';
import { STEP, useZoom, useZoomKeys } from '../ui/use-zoom.ts';
import { MOST, WHOLE, type Zoom, zoomBy } from '../ui/zoom.ts';
import type { PhotoView } from './photo.ts';
import { cropOf, type Query, type WordsQuery } from './query.ts';
import './zoom-pair.css';

/** Height of a frame divided by its width. */
const FRAME = 1.25;
const ALL: CropBox = { x: 0, y: 0, width: 1, height: 1 };

/** The part of the photo that was searched with, as large as the frame allows. */
function CroppedPhoto({ view, name, crop }: { view: PhotoView; name: string; crop: CropBox }) {
  const tallness = (view.height * crop.height) / (view.width * crop.width);
  const fit = tallness > FRAME ? { height: '100%' } : { width: '100%' };
  return (
    <span className="zoom-crop" style={{ aspectRatio: String(1 / tallness), ...fit }}>
      <img
        src={view.url}
        alt={name}
        draggable={false}
        style={{
          width: `${100 / crop.width}%`,
          height: `${100 / crop.height}%`,
          left: `${(-100 * crop.x) / crop.width}%`,
          top: `${(-100 * crop.y) / crop.height}%`,
        }}
      />
    </span>
  );
}

/** The picture of a query, or the part of it that was searched with. */
export function QueryPicture({ query }: { query: Exclude<Query, WordsQuery> }) {
  if (query.kind === 'product') return <Picture id={query.product.thumbnail} alt={query.product.title} />;
  if (typeof query.view !== 'object') return null;
  return <CroppedPhoto view={query.view} name={query.name} crop={cropOf(query)?.box ?? ALL} />;
}

function Frame({ caption, zoom, children }: { caption: string; zoom: Zoom; children: ReactNode }) {
  const transform = `translate(${zoom.x * 100}%, ${zoom.y * 100}%) scale(${zoom.scale})`;
  return (
    <figure className="zoom-figure">
      <div className="zoom-frame" data-zoom-frame>
        <div className="zoom-content" style={{ transform }}>
          {children}
        </div>
      </div>
      <figcaption className="label">{caption}</figcaption>
    </figure>
  );
}

interface ZoomButtonProps {
  name: string;
  keyName: string;
  disabled: boolean;
  onPress: () => void;
  children: ReactNode;
}

function ZoomButton({ name, keyName, disabled, onPress, children }: ZoomButtonProps) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label={name}
      title={`${name} (${keyName})`}
      disabled={disabled}
      onClick={onPress}
    >
      {children}
    </button>
  );
}

/**
 * The query's picture, if there is one, and the product side by side. Wheel, pinch, buttons and + - 0 zoom both; dragging
 * moves both.
 */
export function ZoomPair({ query, thumbnail, title }: { query: Query; thumbnail: string; title: string }) {
  const pair = useRef<HTMLDivElement>(null);
  const { zoom, setZoom, handlers } = useZoom(pair);
  useZoomKeys(pair, setZoom);
  const whole = zoom.scale <= 1;
  return (
    <div>
      <div ref={pair} className={`zoom-pair ${whole ? '' : 'is-zoomed'}`} {...handlers}>
        {query.kind !== 'words' && (
          <Frame caption={query.kind === 'photo' ? 'Your photo' : 'Compared with'} zoom={zoom}>
            <QueryPicture query={query} />
          </Frame>
        )}
        <Frame caption="Product" zoom={zoom}>
          <Picture id={thumbnail} alt={title} />
        </Frame>
      </div>
      <div className="zoom-buttons">
        <ZoomButton
          name="Zoom out"
          keyName="-"
          disabled={whole}
          onPress={() => setZoom(zoomBy(zoom, 1 / STEP))}
        >
          <ZoomOut aria-hidden />
        </ZoomButton>
        <span className="label numbers">{formatShare(zoom.scale)}</span>
        <ZoomButton
          name="Zoom in"
          keyName="+"
          disabled={zoom.scale >= MOST}
          onPress={() => setZoom(zoomBy(zoom, STEP))}
        >
          <ZoomIn aria-hidden />
        </ZoomButton>
        <ZoomButton name="Whole picture" keyName="0" disabled={whole} onPress={() => setZoom(WHOLE)}>
          <Maximize aria-hidden />
        </ZoomButton>
      </div>
    </div>
  );
}
