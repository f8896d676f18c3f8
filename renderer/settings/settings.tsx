import { Settings as Gear } from 'lucide-react';
import { Popover } from 'radix-ui';
import type { ReactNode } from 'react';
import { type Theme, usePreferences } from '../page/preferences.ts';
import { Segments } from '../ui/segments.tsx';
import { Switch } from '../ui/switch.tsx';
import './settings.css';

const THEME_OPTIONS: readonly { value: Theme; name: string }[] = [
  { value: 'system', name: 'System' },
  { value: 'light', name: 'Light' },
  { value: 'dark', name: 'Dark' },
];

/** The few settings that are a matter of taste. @param children the screens' own settings */
export function Settings({ children }: { children: ReactNode }) {
  const theme = usePreferences((state) => state.theme);
  const proposeCrops = usePreferences((state) => state.proposeCrops);
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
          {children}
        </Popover.Content>
      </Popover.Portal>
    </Popover.Root>
  );
}
