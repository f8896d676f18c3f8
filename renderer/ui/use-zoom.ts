import { type PointerEvent, type RefObject, useEffect, useRef, useState } from 'react';
import { panBy, WHOLE, type Zoom, zoomBy } from './zoom.ts';

/** Factor of one press of a button or key. */
export const STEP = 1.5;
/** A pinch on a touchpad arrives as a wheel event with Ctrl, in smaller steps than a wheel's. */
const PER_WHEEL_PIXEL = { pinch: 0.01, wheel: 0.002 };

/** The frame that something happens in; null between and beside the frames. */
function frameOf(target: EventTarget | null): Element | null {
  return target instanceof Element ? target.closest('[data-zoom-frame]') : null;
}

/** The pointer's position in a frame, in shares of the frame from its middle. */
function place(frame: Element, { clientX, clientY }: WheelEvent): { x: number; y: number } {
  const { left, top, width, height } = frame.getBoundingClientRect();
  return { x: (clientX - left) / width - 0.5, y: (clientY - top) / height - 0.5 };
}

function useWheel(
  pair: RefObject<HTMLElement | null>,
  onZoom: (factor: number, at: { x: number; y: number }) => void,
) {
  useEffect(() => {
    const element = pair.current;
    const onWheel = (event: WheelEvent) => {
      const frame = frameOf(event.target);
      if (!frame) return;
      const speed = event.ctrlKey ? PER_WHEEL_PIXEL.pinch : PER_WHEEL_PIXEL.wheel;
      onZoom(Math.exp(-event.deltaY * speed), place(frame, event));
      event.preventDefault();
    };
    // React's wheel listeners are passive, so the panel would scroll too.
    element?.addEventListener('wheel', onWheel, { passive: false });
    return () => element?.removeEventListener('wheel', onWheel);
  });
}

/** Zooms by + - 0 while `pair` is on screen. */
export function useZoomKeys(
  pair: RefObject<HTMLElement | null>,
  setZoom: (change: (zoom: Zoom) => Zoom) => void,
): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (!pair.current?.checkVisibility()) return;
      if (event.ctrlKey || event.metaKey || event.target instanceof HTMLInputElement) return;
      if (event.key === '+' || event.key === '=') setZoom((zoom) => zoomBy(zoom, STEP));
      if (event.key === '-') setZoom((zoom) => zoomBy(zoom, 1 / STEP));
      if (event.key === '0') setZoom(() => WHOLE);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [pair, setZoom]);
}

/** Zooms by wheel and pinch, and pans by dragging, for frames of one size (`data-zoom-frame`) inside `pair`. */
export function useZoom(pair: RefObject<HTMLElement | null>) {
  const [zoom, setZoom] = useState(WHOLE);
  const drag = useRef<{ x: number; y: number } | null>(null);
  useWheel(pair, (factor, at) => setZoom((before) => zoomBy(before, factor, at)));

  const onPointerDown = ({ target, clientX, clientY, currentTarget, pointerId }: PointerEvent) => {
    if (zoom.scale === 1 || !frameOf(target)) return;
    drag.current = { x: clientX, y: clientY };
    currentTarget.setPointerCapture(pointerId);
  };
  const onPointerMove = ({ clientX, clientY, currentTarget }: PointerEvent) => {
    const from = drag.current;
    const frame = currentTarget.querySelector('[data-zoom-frame]')?.getBoundingClientRect();
    if (!from || !frame) return;
    drag.current = { x: clientX, y: clientY };
    setZoom((before) => panBy(before, (clientX - from.x) / frame.width, (clientY - from.y) / frame.height));
  };
  const drop = () => {
    drag.current = null;
  };
  const handlers = { onPointerDown, onPointerMove, onPointerUp: drop, onPointerCancel: drop };
  return { zoom, setZoom, handlers };
}
