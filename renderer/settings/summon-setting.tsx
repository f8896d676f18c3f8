import { X } from 'lucide-react';
import { type KeyboardEvent, useEffect, useState } from 'react';
import type { Fault } from '../../electron/contract/faults.ts';
import type { SummonSettings } from '../../electron/contract/summon.ts';
import { faultSentence } from '../ui/sentences.ts';
import { Switch } from '../ui/switch.tsx';
import { acceleratorOf, keyWords } from './accelerator.ts';

interface State {
  settings: SummonSettings;
  fault: Fault | null;
}

/** The key that brings Lookalike up from other programs, and the icon in the tray. */
export function SummonSetting() {
  const [state, setState] = useState<State | null>(null);
  useEffect(() => {
    window.lookalike.summon().then(setState, console.error);
  }, []);
  if (!state) return null;
  const { settings, fault } = state;
  const change = async (next: SummonSettings) => {
    const refused = await window.lookalike.setSummon(next);
    setState({ settings: refused ? settings : next, fault: refused });
  };
  return (
    <>
      <h2 id="summon">From other programs</h2>
      <Key shortcut={settings.shortcut} onChange={(shortcut) => void change({ ...settings, shortcut })} />
      {fault ? (
        <p className="label is-doubt" role="alert">
          {faultSentence(fault)}
        </p>
      ) : (
        <p className="label">This key brings Lookalike up anywhere, and matches what is on the clipboard.</p>
      )}
      <Switch
        name="Icon in the tray"
        checked={settings.tray}
        onChange={(tray) => void change({ ...settings, tray })}
      />
      <p className="label">With it, Lookalike goes on when its window is closed.</p>
    </>
  );
}

function Key({
  shortcut,
  onChange,
}: {
  shortcut: string | null;
  onChange: (shortcut: string | null) => void;
}) {
  const onKeyDown = (event: KeyboardEvent<HTMLInputElement>) => {
    const pressed = acceleratorOf(event.nativeEvent);
    if (pressed === null) return;
    event.preventDefault();
    event.currentTarget.blur();
    onChange(pressed);
  };
  return (
    <div className="summon-key">
      <input
        className="text-input"
        aria-label="Key from anywhere"
        readOnly
        placeholder="Press Ctrl, Alt and a letter"
        value={shortcut === null ? '' : keyWords(shortcut)}
        onKeyDown={onKeyDown}
      />
      {shortcut !== null && (
        <button
          type="button"
          className="icon-button"
          aria-label="No key"
          title="No key"
          onClick={() => onChange(null)}
        >
          <X aria-hidden />
        </button>
      )}
    </div>
  );
}
