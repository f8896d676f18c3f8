/** The zoom of both pictures: `scale` 1 shows the whole picture; the offsets are in shares of the frame. */
export interface Zoom {
  scale: number;
  x: number;
  y: number;
}

export const WHOLE: Zoom = { scale: 1, x: 0, y: 0 };
export const MOST = 6;

/** Limits the offsets, so that the pictures cover their frames. */
function bounded({ scale, x, y }: Zoom): Zoom {
  const most = (scale - 1) / 2;
  return { scale, x: Math.min(Math.max(x, -most), most), y: Math.min(Math.max(y, -most), most) };
}

/**
 * Zooms about a point of the frame, which stays in place.
 * @param at shares of the frame's width and height from its middle, -0.5 to 0.5
 */
export function zoomBy(zoom: Zoom, factor: number, at = { x: 0, y: 0 }): Zoom {
  const scale = Math.min(Math.max(zoom.scale * factor, 1), MOST);
  const change = scale / zoom.scale;
  return bounded({ scale, x: at.x - (at.x - zoom.x) * change, y: at.y - (at.y - zoom.y) * change });
}

/** Moves the pictures by shares of the frame. */
export function panBy(zoom: Zoom, x: number, y: number): Zoom {
  return bounded({ ...zoom, x: zoom.x + x, y: zoom.y + y });
}
