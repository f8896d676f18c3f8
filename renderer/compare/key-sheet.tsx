import { useState } from 'react';
import {
  COMMAND_NAMES,
  COMMANDS,
  type Command,
  keyName,
  keyOf,
} from '../../electron/contract/review-keys.ts';
import { usePreferences } from '../page/preferences.ts';
import { Dialog } from '../ui/dialog.tsx';
import { KeysButton } from '../ui/keys-button.tsx';
import { isFree, withKey } from './key-map.ts';
import './key-sheet.css';

function KeyRow({
  command,
  waiting,
  onWait,
}: {
  command: Command;
  waiting: boolean;
  onWait: (on: boolean) => void;
}) {
  const keys = usePreferences((state) => state.reviewKeys);
  const name = keyName(keyOf(command, keys));
  return (
    <div>
      <dt>
        <button
          type="button"
          className={`key-button ${waiting ? 'is-waiting' : ''}`}
          aria-label={
            waiting
              ? `Press a key for: ${COMMAND_NAMES[command]}`
              : `${COMMAND_NAMES[command]}: ${name}. Change`
          }
          onClick={() => onWait(!waiting)}
          onBlur={() => onWait(false)}
          onKeyDown={(event) => {
            if (!waiting || event.key === 'Tab') return;
            event.preventDefault();
            event.stopPropagation();
            if (event.key === 'Escape') onWait(false);
            else if (isFree(event.key)) {
              usePreferences.setState({ reviewKeys: withKey(keys, command, event.key) });
              onWait(false);
            }
          }}
        >
          {waiting ? 'Press a key' : name}
        </button>
      </dt>
      <dd>{COMMAND_NAMES[command]}</dd>
    </div>
  );
}

interface KeySheetProps {
  open: boolean;
  onOpenChange: (open: boolean) => void;
}

/** The keys of the review. Each can be changed: press it, then the key that it shall have. */
export function KeySheet({ open, onOpenChange }: KeySheetProps) {
  const [waiting, setWaiting] = useState<Command | null>(null);
  const changed = usePreferences(({ reviewKeys }) => Object.keys(reviewKeys).length > 0);
  return (
    <Dialog
      open={open}
      onOpenChange={onOpenChange}
      title="Keys of the review"
      className="key-sheet"
      onEscapeKeyDown={(event) => {
        // Esc gives up the change of a key first.
        if (waiting === null) return;
        event.preventDefault();
        setWaiting(null);
      }}
      trigger={<KeysButton />}
    >
      <p className="label">
        <kbd>1</kbd> to <kbd>9</kbd> choose a candidate. Press a key below to change it. In the table,{' '}
        <kbd>Space</kbd> selects, <kbd>Enter</kbd> opens the row, and the decisions apply to what is selected.
      </p>
      <dl className="key-list">
        {COMMANDS.map((command) => (
          <KeyRow
            key={command}
            command={command}
            waiting={waiting === command}
            onWait={(on) => setWaiting(on ? command : null)}
          />
        ))}
      </dl>
      <button
        type="button"
        className="button"
        disabled={!changed}
        onClick={() => usePreferences.setState({ reviewKeys: {} })}
      >
        Reset all keys
      </button>
    </Dialog>
  );
}
