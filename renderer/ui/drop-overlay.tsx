import './drop-overlay.css';

/** Over the whole window while something is dragged across it: says what letting go will do. */
export function DropOverlay({ words }: { words: string }) {
  return (
    <div className="drop-overlay" aria-hidden>
      <p>{words}</p>
    </div>
  );
}
