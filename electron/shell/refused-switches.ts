/**
 * Command-line switches of Chromium that an installed app refuses. They would hand the window to another program, or take
 * down a wall around the page; Electron's fuses (electron-builder.yml) close what belongs to Node, such as `--inspect`.
 */
const REFUSED = [
  // The DevTools protocol: whoever connects reads the page, drives it and asks the engine.
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-io-pipes',
  'remote-debugging-address',
  'remote-allow-origins',
  // The same-origin rule. (`allow-file-access-from-files` cannot be refused: Electron adds it itself.)
  'disable-web-security',
  // Another program in the place of one of the app's processes.
  'browser-subprocess-path',
  'renderer-cmd-prefix',
  'utility-cmd-prefix',
  'gpu-launcher',
];

/** The refused switches among those that the app was started with. Not for an unpackaged app: Playwright drives that. */
export function refusedSwitches(hasSwitch: (name: string) => boolean): string[] {
  return REFUSED.filter(hasSwitch);
}
