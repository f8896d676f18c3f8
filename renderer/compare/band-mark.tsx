import { PICTURE_BANDS } from '../../electron/contract/match-names.ts';
import type { Band } from '../../electron/contract/search.ts';
import './band-mark.css';

const STRENGTH: Record<Band, number> = { same: 4, close: 3, similar: 2, other: 1 };

/** How alike a candidate is: a word and one to four strokes. */
export function BandMark({ band }: { band: Band }) {
  return (
    <span className={`band-mark is-${band}`}>
      <span className="band-strokes" aria-hidden>
        {[1, 2, 3, 4].map((stroke) => (
          <span key={stroke} className={stroke <= STRENGTH[band] ? 'is-on' : ''} />
        ))}
      </span>
      {PICTURE_BANDS[band]}
    </span>
  );
}
