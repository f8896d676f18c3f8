import './band-edge.css';

interface BandEdgeProps {
  name: string;
  /** Of the band's first card, in CSS pixels. The line runs to the row's end. */
  x: number;
  y: number;
  width: number;
  height: number;
  /** The first band of the answer, which nothing comes before. */
  first: boolean;
  /** Whether a card of the band before stands on its left. */
  within: boolean;
}

/** Where a band begins: its word above its first card, and a hairline. Screen readers hear the band from each card. */
export function BandEdge({ name, x, y, width, height, first, within }: BandEdgeProps) {
  return (
    <div
      className={`band-edge ${first ? 'is-first' : ''} ${within ? 'is-within' : ''}`}
      style={{ width, height, transform: `translate(${x}px, ${y}px)` }}
      aria-hidden
    >
      <span className="band-edge-name">{name}</span>
    </div>
  );
}
