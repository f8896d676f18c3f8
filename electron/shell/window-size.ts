import type { Rectangle } from 'electron';

/** What the layout needs; smaller where the screen is: 1366 x 768 at 150 % leaves 472 below the task bar. */
const LEAST = { width: 480, height: 600 };
const FIRST = { width: 1280, height: 800 };

type Size = Pick<Rectangle, 'width' | 'height'>;

/** The least size of the window, so that it fits on every screen that it may be moved to. All in device-independent pixels. */
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

/** Where a window is opened again: where it was left, unless it is larger than the screen that is there now. */
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
