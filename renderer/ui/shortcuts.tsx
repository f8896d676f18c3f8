import { Dialog } from './dialog.tsx';
import { commandKey } from './keys.ts';
import { KeysButton } from './keys-button.tsx';
import './shortcuts.css';

const SHORTCUTS: readonly { keys: () => readonly string[]; does: string }[] = [
  { keys: () => [commandKey(), 'V'], does: 'Match the picture, or search the words, on the clipboard' },
  { keys: () => ['Alt ←', 'Alt →'], does: 'Previous or next of several photos' },
  { keys: () => ['/', `${commandKey()} K`], does: 'Describe it, or add words to the photo' },
  { keys: () => ['←', '↑', '↓', '→'], does: 'Move among the results' },
  { keys: () => ['Home', 'End'], does: 'First or last of the row; with Ctrl, of all' },
  { keys: () => ['Page up', 'Page down'], does: 'Move by a screenful' },
  { keys: () => ['Enter'], does: 'Copy the SKU' },
  { keys: () => [commandKey(), 'C'], does: 'Copy the product with its picture' },
  { keys: () => ['Shift', 'Enter'], does: 'Show it to the customer; ← and → go on' },
  { keys: () => ['1', '…', '9'], does: 'Copy the SKU of that size' },
  { keys: () => ['Space'], does: 'Open the details' },
  { keys: () => ['Y'], does: 'This is it: the photo shows this product. Again: take it back' },
  { keys: () => ['N'], does: 'Not in our range: no product is the photo’s. Again: take it back' },
  { keys: () => ['+', '-', '0'], does: 'Zoom both pictures in, out, and back' },
  { keys: () => ['R'], does: 'On a snapshot: roll back to it' },
  { keys: () => ['Esc'], does: 'Close the details, then the crop, then the photo; in the words, clear them' },
  { keys: () => ['?'], does: 'Show these shortcuts' },
];

interface ShortcutsProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** The list of keyboard shortcuts. */
export function Shortcuts({ open, onOpenChange }: ShortcutsProps) {
  return (
    <Dialog open={open} onOpenChange={onOpenChange} title="Keyboard shortcuts" trigger={<KeysButton />}>
      <dl className="shortcuts">
        {SHORTCUTS.map(({ keys, does }) => (
          <div key={does}>
            <dt>
              {keys().map((key) => (
                <kbd key={key}>{key}</kbd>
              ))}
            </dt>
            <dd>{does}</dd>
          </div>
        ))}
      </dl>
    </Dialog>
  );
}
