import { useLayoutEffect, useState } from 'react';

interface Size {
  width: number;
  height: number;
}

function contentSize(element: HTMLElement): Size {
  const { paddingLeft, paddingRight, paddingTop, paddingBottom } = getComputedStyle(element);
  return {
    width: element.clientWidth - Number.parseFloat(paddingLeft) - Number.parseFloat(paddingRight),
    height: element.clientHeight - Number.parseFloat(paddingTop) - Number.parseFloat(paddingBottom),
  };
}

/** An element's content box in CSS pixels, 0 by 0 until it is measured. While the element is hidden, the last size. */
export function useSize(ref: { current: HTMLElement | null }): Size {
  const [size, setSize] = useState({ width: 0, height: 0 });
  useLayoutEffect(() => {
    if (!ref.current) return;
    const take = (next: Size) => {
      if (next.width > 0)
        setSize((last) => (last.width === next.width && last.height === next.height ? last : next));
    };
    // The observer tells only after a frame has been drawn.
    take(contentSize(ref.current));
    const observer = new ResizeObserver(([entry]) => {
      if (entry) take(entry.contentRect);
    });
    observer.observe(ref.current);
    return () => observer.disconnect();
  }, [ref]);
  return size;
}
