import { Keyboard } from 'lucide-react';
import type { ComponentProps } from 'react';

/** The button that shows the keys of a screen, as the trigger of its dialog. */
export function KeysButton(props: ComponentProps<'button'>) {
  return (
    <button
      type="button"
      className="icon-button"
      aria-label="Keyboard shortcuts"
      title="Keyboard shortcuts (?)"
      {...props}
    >
      <Keyboard aria-hidden />
    </button>
  );
}
