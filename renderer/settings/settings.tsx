import { Settings as Gear } from 'lucide-react';
import { Popover } from 'radix-ui';
import { clearRecents, useRecents } from '../match/recents.ts';
import { type Theme, usePreferences } from '../page/preferences.ts';
import { toast } from '../page/toast.ts';
import { Segments } from '../ui/segments.tsx';
import { Switch } from '../ui/switch.tsx';
import './settings.css';

const THEME_OPTIONS: readonly { value: Theme; name: string }[] = [
  { value: 'system', name: 'System' },
  { value: 'light', name: 'Light' },
  { value: 'dark', name: 'Dark' },
];

/** The few things that are a matter of taste. */
export function Settings() {
  const theme = usePreferences((state) => state.theme);
  const proposeCrops = usePreferences((state) => state.proposeCrops);
  const recents = useRecents(({ photos, words }) => photos.length + words.length);
  const clear = async () => {
    await clearRecents();
    toast('Recent photos and searches cleared');
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
          <Segments
            labelledBy="theme"
            options={THEME_OPTIONS}
            value={theme}
            onChange={(next) => usePreferences.setState({ theme: next })}
          />
          <h2>New photos</h2>
          <Switch
            name="Propose a crop"
            checked={proposeCrops}
            onChange={(next) => usePreferences.setState({ proposeCrops: next })}
          />
          <p className="label">Where a model for finding the product is installed.</p>
          <h2>Recent</h2>
          <p className="label">The last photos and searches are kept on this machine only.</p>
          <button type="button" className="button" disabled={recents === 0} onClick={() => void clear()}>
            Clear recent
          </button>
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
