import { useToast } from '../page/toast.ts';
import './toast.css';

/** Short confirmations, said aloud too. */
export function Toast() {
  const { id, text } = useToast();
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
