import { Settings as Gear } from 'lucide-react';
import { Popover, RadioGroup } from 'radix-ui';
import { THEMES, type Theme, usePreferences } from '../store/preferences.ts';
import { clearRecents, useRecents } from '../store/recents.ts';
import { toast } from '../store/toast.ts';
import './settings.css';

const THEME_NAMES: Record<Theme, string> = { system: 'System', light: 'Light', dark: 'Dark' };

/** The few things that are a matter of taste. */
export function Settings() {
  const theme = usePreferences((state) => state.theme);
  const recents = useRecents((state) => state.recents.length);
  const clear = async () => {
    await clearRecents();
    toast('Recent photos cleared');
  };
  return (
    <Popover.Root>
      <Popover.Trigger className="icon-button" aria-label="Settings" title="Settings">
        <Gear aria-hidden />
      </Popover.Trigger>
      <Popover.Portal>
        <Popover.Content
          className="settings"
          align="end"
          sideOffset={6}
          collisionPadding={8}
          aria-label="Settings"
        >
          <h2 id="theme">Theme</h2>
          <RadioGroup.Root
            className="segments"
            aria-labelledby="theme"
            value={theme}
            onValueChange={(value) => {
              const next = THEMES.find((each) => each === value);
              if (next) usePreferences.setState({ theme: next });
            }}
          >
            {THEMES.map((each) => (
              <RadioGroup.Item key={each} value={each} className="segment">
                {THEME_NAMES[each]}
              </RadioGroup.Item>
            ))}
          </RadioGroup.Root>
          <h2>Recent photos</h2>
          <p className="label">The last 12 photos are kept on this machine only.</p>
          <button type="button" className="button" disabled={recents === 0} onClick={() => void clear()}>
            Clear recent photos
          </button>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
