import { Switch as RadixSwitch } from 'radix-ui';
import './switch.css';

interface SwitchProps {
  name: string;
  checked: boolean;
  onChange: (checked: boolean) => void;
}

/** A switch that takes effect at once. */
export function Switch({ name, checked, onChange }: SwitchProps) {
  return (
    // biome-ignore lint/a11y/noLabelWithoutControl: the switch is a button, which a label names
    <label className="switch">
      <RadixSwitch.Root className="switch-track" checked={checked} onCheckedChange={onChange}>
        <RadixSwitch.Thumb className="switch-thumb" />
      </RadixSwitch.Root>
      {name}
    </label>
  );
}
