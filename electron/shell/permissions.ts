import { type Session, systemPreferences } from 'electron';
import { PAGE_ORIGIN } from '../contract/shell.ts';

/** To write to the clipboard: a SKU, or a product with its picture. */
const CLIPBOARD = 'clipboard-sanitized-write';

/**
 * The page gets two permissions: to write to the clipboard, and to use a camera. A camera is never given with a microphone, nor
 * to a frame of another origin.
 */
export function limitPermissions(target: Session): void {
  target.setPermissionRequestHandler((_contents, permission, answer, details) => {
    if (permission !== 'media') {
      answer(permission === CLIPBOARD);
      return;
    }
    const types = 'mediaTypes' in details ? (details.mediaTypes ?? []) : [];
    const isCameraAlone = types.length > 0 && types.every((type) => type === 'video');
    if (!isCameraAlone || !isOurs(details.requestingUrl)) answer(false);
    else void systemAllowsCamera().then(answer);
  });
  target.setPermissionCheckHandler((_contents, permission, origin, { mediaType }) => {
    if (permission === 'media') return mediaType === 'video' && isOurs(origin);
    return permission === CLIPBOARD;
  });
  target.setDevicePermissionHandler(() => false);
}

/** Chromium writes an origin with a slash at its end. */
function isOurs(url: string): boolean {
  return url === PAGE_ORIGIN || url.startsWith(`${PAGE_ORIGIN}/`);
}

/** macOS asks the person once, for each app. */
async function systemAllowsCamera(): Promise<boolean> {
  return process.platform !== 'darwin' || systemPreferences.askForMediaAccess('camera');
}
