import './drop-overlay.css';

/** Covers the whole window during a drag, and says what a drop would do. */
export function DropOverlay({ words }: { words: string }) {
  return (
    <div className="drop-overlay" aria-hidden>
      <p>{words}</p>
    </div>
  );
}
