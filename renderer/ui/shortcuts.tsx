import { Keyboard, X } from 'lucide-react';
import { Dialog } from 'radix-ui';
import { pasteKeys } from './keys.ts';
import './shortcuts.css';

const SHORTCUTS: readonly [() => string, string][] = [
  [pasteKeys, 'Match the picture on the clipboard'],
  [() => '← ↑ ↓ →', 'Move among the results'],
  [() => 'Home  End', 'First or last of the row; with Ctrl, of all'],
  [() => 'Page ↑  Page ↓', 'Move by a screenful'],
  [() => 'Enter', 'Copy the SKU'],
  [() => 'Space', 'Open the details'],
  [() => '+  -  0', 'Zoom both pictures; whole picture'],
  [() => 'Esc', 'Close the details, then clear the photo'],
  [() => '?', 'Show these shortcuts'],
];

interface ShortcutsProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** What the keyboard can do. */
export function Shortcuts({ open, onOpenChange }: ShortcutsProps) {
  return (
    <Dialog.Root open={open} onOpenChange={onOpenChange}>
      <Dialog.Trigger className="icon-button" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)">
        <Keyboard aria-hidden />
      </Dialog.Trigger>
      <Dialog.Portal>
        <Dialog.Overlay className="dialog-scrim" />
        <Dialog.Content className="dialog" aria-describedby={undefined}>
          <header className="dialog-head">
            <Dialog.Title>Keyboard shortcuts</Dialog.Title>
            <Dialog.Close className="icon-button" aria-label="Close">
              <X aria-hidden />
            </Dialog.Close>
          </header>
          <dl className="shortcuts">
            {SHORTCUTS.map(([keys, does]) => (
              <div key={does}>
                <dt>
                  {keys()
                    .split(/ +(?=\S)/)
                    .map((key) => (
                      <kbd key={key}>{key}</kbd>
                    ))}
                </dt>
                <dd>{does}</dd>
              </div>
            ))}
          </dl>
        </Dialog.Content>
      </Dialog.Portal>
    </Dialog.Root>
  );
}
