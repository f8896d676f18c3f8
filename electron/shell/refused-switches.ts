/**
 * Command-line switches of Chromium that an installed app refuses. They would let another program control the window, or
 * disable a protection around the page. Electron's fuses (electron-builder.yml) close those of Node, such as `--inspect`.
 */
const REFUSED = [
  // The DevTools protocol: a program that connects can read the page, drive it, and send requests to the engine.
  'remote-debugging-port',
  'remote-debugging-pipe',
  'remote-debugging-io-pipes',
  'remote-debugging-address',
  'remote-allow-origins',
  // The same-origin policy. (`allow-file-access-from-files` cannot be refused: Electron adds it itself.)
  'disable-web-security',
  // Replaces one of the app's processes by another program.
  'browser-subprocess-path',
  'renderer-cmd-prefix',
  'utility-cmd-prefix',
  'gpu-launcher',
];

/** The refused switches that the app was started with. Not used in an unpackaged app, which Playwright drives. */
export function refusedSwitches(hasSwitch: (name: string) => boolean): string[] {
  return REFUSED.filter(hasSwitch);
}
