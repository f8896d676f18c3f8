import './toast.css';

interface ToastProps {
  /** Another one for each toast, so that the same words twice are said twice. */
  id: number;
  /** Null while there is none. */
  text: string | null;
}

/** A short confirmation, said aloud too. */
export function Toast({ id, text }: ToastProps) {
  return (
    <div className="toasts" role="status" aria-live="polite">
      {text !== null && (
        <p key={id} className="toast">
          {text}
        </p>
      )}
    </div>
  );
}
