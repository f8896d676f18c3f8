import { useLayoutEffect, useRef } from 'react';
import { useSize } from './use-size.ts';

interface DrawingProps<Of> {
  className: string;
  of: Of;
  /** Draws a plot of so many pixels of width. It is called again when it is another function, or another width. */
  draw: (of: Of, width: number) => Element;
}

/** A plot, as wide as there is room. Screen readers have the table beside it. */
export function Drawing<Of>({ className, of, draw }: DrawingProps<Of>) {
  const frame = useRef<HTMLDivElement>(null);
  const { width } = useSize(frame);
  useLayoutEffect(() => {
    if (width === 0) return;
    const plot = draw(of, Math.round(width));
    plot.setAttribute('aria-hidden', 'true');
    frame.current?.replaceChildren(plot);
  }, [of, draw, width]);
  return <div ref={frame} className={className} />;
}
