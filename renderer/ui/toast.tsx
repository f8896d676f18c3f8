import './toast.css';

interface ToastProps {
  /** Different for each toast, so that the same text is announced again. */
  id: number;
  /** Null while there is none. */
  text: string | null;
}

/** A short confirmation, also for screen readers. */
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
