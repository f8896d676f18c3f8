import { X } from 'lucide-react';
import { Dialog as Radix } from 'radix-ui';
import { type KeyboardEventHandler, type ReactNode, useRef } from 'react';
import './dialog.css';

interface DialogProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: string;
  /** The button that opens the dialog; none when the dialog is opened from elsewhere. */
  trigger?: ReactNode;
  /** A class of its own, for its width. */
  className?: string;
  /** Called before Esc closes the dialog; `preventDefault` keeps it open. */
  onEscapeKeyDown?: (event: KeyboardEvent) => void;
  /** Hears the keys of everything in the dialog. */
  onKeyDown?: KeyboardEventHandler;
  children: ReactNode;
}

/** A dialog in the middle of the window, with its title and a button that closes it. The page behind it is dimmed. */
export function Dialog({ open, onOpenChange, title, trigger, className, children, ...keys }: DialogProps) {
  // Radix gives the focus to the trigger, even where a key has opened the dialog from elsewhere.
  const before = useRef<Element | null>(null);
  return (
    <Radix.Root open={open} onOpenChange={onOpenChange}>
      {trigger && <Radix.Trigger asChild>{trigger}</Radix.Trigger>}
      <Radix.Portal>
        <Radix.Overlay className="dialog-scrim" />
        <Radix.Content
          className={className ? `dialog ${className}` : 'dialog'}
          aria-describedby={undefined}
          onOpenAutoFocus={() => {
            before.current = document.activeElement;
          }}
          onCloseAutoFocus={(event) => {
            if (!(before.current instanceof HTMLElement)) return;
            event.preventDefault();
            before.current.focus();
          }}
          {...keys}
        >
          <header className="dialog-head">
            <Radix.Title>{title}</Radix.Title>
            <Radix.Close className="icon-button" aria-label="Close">
              <X aria-hidden />
            </Radix.Close>
          </header>
          {children}
        </Radix.Content>
      </Radix.Portal>
    </Radix.Root>
  );
}
