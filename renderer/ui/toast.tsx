import './toast.css';

interface ToastProps {
  /** Different for each toast, so that the same text is announced again. */
  id: number;
  /** Null while there is none. */
  text: string | null;
  /** A button beside the text. */
  action: { name: string; run: () => void } | null;
}

/** A short confirmation, also for screen readers. */
export function Toast({ id, text, action }: ToastProps) {
  return (
    <div className="toasts" role="status" aria-live="polite">
      {text !== null && (
        <p key={id} className="toast">
          {text}
          {action && (
            <button type="button" className="toast-action" onClick={action.run}>
              {action.name}
            </button>
          )}
        </p>
      )}
    </div>
  );
}
