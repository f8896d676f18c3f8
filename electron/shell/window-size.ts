import type { Rectangle } from 'electron';

/** The least size for the layout. On smaller screens it is less: 1366 x 768 at 150 % leaves 472 above the task bar. */
const LEAST = { width: 480, height: 600 };
const FIRST = { width: 1280, height: 800 };

type Size = Pick<Rectangle, 'width' | 'height'>;

/** The least size of the window, so that it fits on every screen that it may be moved to. In device-independent pixels. */
export function leastSize(workAreas: readonly Size[]): Size {
  return {
    width: Math.min(LEAST.width, ...workAreas.map(({ width }) => width)),
    height: Math.min(LEAST.height, ...workAreas.map(({ height }) => height)),
  };
}

/** The size of the first window, on a screen with this work area. */
export function firstSize(workArea: Size): Size {
  return {
    width: Math.min(FIRST.width, workArea.width),
    height: Math.min(FIRST.height, workArea.height),
  };
}

/** The position of a window that is opened again: where it was, reduced if it is larger than the present screen. */
export function placeOn(workArea: Rectangle, bounds: Rectangle): Rectangle {
  if (bounds.width <= workArea.width && bounds.height <= workArea.height) return bounds;
  const width = Math.min(bounds.width, workArea.width);
  const height = Math.min(bounds.height, workArea.height);
  const inside = (start: number, least: number, room: number) =>
    Math.max(least, Math.min(start, least + room));
  return {
    x: inside(bounds.x, workArea.x, workArea.width - width),
    y: inside(bounds.y, workArea.y, workArea.height - height),
    width,
    height,
  };
}
