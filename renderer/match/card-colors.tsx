import type { OtherStyle } from '../../electron/contract/catalog.ts';
import type { Result } from '../../electron/contract/search.ts';
import { Picture } from '../engine/picture.tsx';
import { capitalised } from '../ui/format.ts';
import { Swatch } from './swatch.tsx';
import './card-colors.css';

/** Widths with the gap behind them, in CSS pixels, as in card-colors.css. */
const PICTURE = 41;
const GAP = 5;
const LARGE_DOT = 24;
const DOT = 18;
/** More dots beside a price would be crowded. */
const MOST_DOTS = 5;

interface CardColorsProps {
  colors: Result['colors'];
  /** Of the free space: of a large card's line, or beside a small one's price. */
  width: number;
  large: boolean;
  onOpen: (other: OtherStyle) => void;
}

/**
 * The group's other colours; each opens that style's card. On the large card they are pictures, or dots where there are too
 * many. With the keyboard they are reached in the details.
 */
export function CardColors({ colors, width, large, onOpen }: CardColorsProps) {
  if (colors.length === 0) return null;
  const pictures = large && colors.length * PICTURE - GAP <= width;
  const dots = large ? Math.floor(width / LARGE_DOT) : Math.min(Math.floor(width / DOT), MOST_DOTS);
  const room = pictures ? colors.length : dots;
  const shown = colors.slice(0, colors.length > room ? Math.max(room - 1, 0) : room);
  const more = colors.length - shown.length;
  return (
    <span className={`card-colors ${pictures ? 'is-pictures' : large ? 'is-large' : ''}`}>
      {shown.map((other) => {
        const name = other.color === null ? 'another colour' : capitalised(other.color);
        return (
          <button
            key={other.styleId}
            type="button"
            className="card-color"
            tabIndex={-1}
            aria-label={`Show in ${name}`}
            title={`Show in ${name}`}
            onClick={(event) => {
              event.stopPropagation();
              onOpen(other);
            }}
          >
            {pictures ? (
              <Picture id={other.thumbnail} fill />
            ) : (
              <Swatch name={other.color} thumbnail={other.thumbnail} />
            )}
          </button>
        );
      })}
      {more > 0 && <span className="card-colors-more numbers">+{more}</span>}
    </span>
  );
}
