import { Picture } from '../engine/picture.tsx';
import { swatch } from './colors.ts';
import './swatch.css';

/**
 * A colour as a dot.
 * @param thumbnail is shown small when the colour's name is not a colour ("Print", or none); without a thumbnail the dot is
 * blank
 */
export function Swatch({ name, thumbnail }: { name: string | null; thumbnail?: string }) {
  const color = name && swatch(name);
  if (color) return <span className="swatch" style={{ background: color }} />;
  return <span className="swatch is-unknown">{thumbnail && <Picture id={thumbnail} fill />}</span>;
}
