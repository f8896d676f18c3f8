import { Maximize, ZoomIn, ZoomOut } from 'lucide-react';
import { type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import type { CropBox } from '../../electron/contract/schemas.ts';
import type { Query } from '../store/match.ts';
import { Picture } from '../ui/picture.tsx';
import { MOST, panBy, WHOLE, type Zoom, zoomBy } from './zoom.ts';
import './zoom-pair.css';

/** One press of a button or key. */
const STEP = 1.5;
/** Height of a frame for a width of 1. */
const FRAME = 1.25;
const ALL: CropBox = { x: 0, y: 0, width: 1, height: 1 };

/** The part of the photo that was searched for, as large as the frame takes it. */
function CroppedPhoto({
  url,
  name,
  width,
  height,
  crop,
}: {
  url: string;
  name: string;
  width: number;
  height: number;
  crop: CropBox;
}) {
  const tallness = (height * crop.height) / (width * crop.width);
  const fit = tallness > FRAME ? { height: '100%' } : { width: '100%' };
  return (
    <span className="zoom-crop" style={{ aspectRatio: String(1 / tallness), ...fit }}>
      <img
        src={url}
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

function QueryPicture({ query }: { query: Query }) {
  if (query.kind === 'product') return <Picture id={query.product.thumbnail} alt={query.product.title} />;
  if (typeof query.view !== 'object') return null;
  return <CroppedPhoto {...query.view} name={query.name} crop={query.crop ?? ALL} />;
}

function Frame({ caption, zoom, children }: { caption: string; zoom: Zoom; children: ReactNode }) {
  const transform = `translate(${zoom.x * 100}%, ${zoom.y * 100}%) scale(${zoom.scale})`;
  return (
    <figure className="zoom-figure">
      <div className="zoom-frame">
        <div className="zoom-content" style={{ transform }}>
          {children}
        </div>
      </div>
      <figcaption className="label">{caption}</figcaption>
    </figure>
  );
}

/** Where the pointer is in the frame it is over, in shares from the middle. */
function place(target: EventTarget | null, clientX: number, clientY: number) {
  const frame = target instanceof Element ? target.closest('.zoom-frame') : null;
  if (!frame) return { x: 0, y: 0, width: 1, height: 1 };
  const { left, top, width, height } = frame.getBoundingClientRect();
  return { x: (clientX - left) / width - 0.5, y: (clientY - top) / height - 0.5, width, height };
}

/** The query and the product side by side; wheel, pinch, buttons and + - 0 zoom both, dragging moves both. */
export function ZoomPair({ query, thumbnail, title }: { query: Query; thumbnail: string; title: string }) {
  const [zoom, setZoom] = useState(WHOLE);
  const root = useRef<HTMLDivElement>(null);
  const drag = useRef<{ x: number; y: number } | null>(null);

  useEffect(() => {
    const element = root.current;
    const onWheel = (event: WheelEvent) => {
      const at = place(event.target, event.clientX, event.clientY);
      // A pinch on a touchpad comes as a wheel with Ctrl, in finer steps.
      const factor = Math.exp(-event.deltaY * (event.ctrlKey ? 0.01 : 0.002));
      setZoom((before) => zoomBy(before, factor, at));
      event.preventDefault();
    };
    const onKey = (event: KeyboardEvent) => {
      if (event.ctrlKey || event.metaKey || event.target instanceof HTMLInputElement) return;
      if (event.key === '+' || event.key === '=') setZoom((before) => zoomBy(before, STEP));
      if (event.key === '-') setZoom((before) => zoomBy(before, 1 / STEP));
      if (event.key === '0') setZoom(WHOLE);
    };
    // React listens to the wheel passively, and then the panel would scroll too.
    element?.addEventListener('wheel', onWheel, { passive: false });
    window.addEventListener('keydown', onKey);
    return () => {
      element?.removeEventListener('wheel', onWheel);
      window.removeEventListener('keydown', onKey);
    };
  }, []);

  const onPointerDown = (event: PointerEvent<HTMLDivElement>) => {
    if (zoom.scale === 1) return;
    drag.current = { x: event.clientX, y: event.clientY };
    event.currentTarget.setPointerCapture(event.pointerId);
  };
  const onPointerMove = (event: PointerEvent<HTMLDivElement>) => {
    const from = drag.current;
    if (!from) return;
    const { width, height } = event.currentTarget.querySelector('.zoom-frame')?.getBoundingClientRect() ?? {
      width: 1,
      height: 1,
    };
    drag.current = { x: event.clientX, y: event.clientY };
    setZoom((before) => panBy(before, (event.clientX - from.x) / width, (event.clientY - from.y) / height));
  };
  const drop = () => {
    drag.current = null;
  };

  return (
    <div>
      <div
        ref={root}
        className={`zoom-pair ${zoom.scale > 1 ? 'is-zoomed' : ''}`}
        onPointerDown={onPointerDown}
        onPointerMove={onPointerMove}
        onPointerUp={drop}
        onPointerCancel={drop}
      >
        <Frame caption={query.kind === 'photo' ? 'Your photo' : 'Compared with'} zoom={zoom}>
          <QueryPicture query={query} />
        </Frame>
        <Frame caption="Product" zoom={zoom}>
          <Picture id={thumbnail} alt={title} />
        </Frame>
      </div>
      <div className="zoom-buttons">
        <button
          type="button"
          className="icon-button"
          aria-label="Zoom out"
          title="Zoom out (-)"
          disabled={zoom.scale <= 1}
          onClick={() => setZoom(zoomBy(zoom, 1 / STEP))}
        >
          <ZoomOut aria-hidden />
        </button>
        <span className="label numbers" role="status">
          {Math.round(zoom.scale * 100)} %
        </span>
        <button
          type="button"
          className="icon-button"
          aria-label="Zoom in"
          title="Zoom in (+)"
          disabled={zoom.scale >= MOST}
          onClick={() => setZoom(zoomBy(zoom, STEP))}
        >
          <ZoomIn aria-hidden />
        </button>
        <button
          type="button"
          className="icon-button"
          aria-label="Whole picture"
          title="Whole picture (0)"
          disabled={zoom.scale <= 1}
          onClick={() => setZoom(WHOLE)}
        >
          <Maximize aria-hidden />
        </button>
      </div>
    </div>
  );
}
