import { Camera } from 'lucide-react';
import { DropdownMenu } from 'radix-ui';
import { openCamera } from './camera.ts';
import { openPhone } from './phone.ts';
import './card-menu.css';

/** The ways to take a photo, where there is no room for a button each. */
export function NewPhotoMenu() {
  return (
    <DropdownMenu.Root>
      <DropdownMenu.Trigger className="icon-button" aria-label="Take a photo" title="Take a photo">
        <Camera aria-hidden />
      </DropdownMenu.Trigger>
      <DropdownMenu.Portal>
        <DropdownMenu.Content className="card-menu" align="start" sideOffset={6} collisionPadding={8}>
          <DropdownMenu.Item className="menu-item" onSelect={openCamera}>
            With this computer
          </DropdownMenu.Item>
          <DropdownMenu.Item className="menu-item" onSelect={() => void openPhone()}>
            With a phone
          </DropdownMenu.Item>
        </DropdownMenu.Content>
      </DropdownMenu.Portal>
    </DropdownMenu.Root>
  );
}
