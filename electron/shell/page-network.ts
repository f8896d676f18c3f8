import { type Session, session, type WebContents } from 'electron';

/**
 * Cuts Chromium off from the network. The page needs none: it is served by its own scheme, and the engine is a separate
 * process with its own connections. The following parts of Chromium were checked and are not in Electron, so they need no
 * switch: component updater, safe browsing, variations, captive-portal detection, network time, autofill and optimisation
 * servers, cast and DIAL discovery, translation. Crash reports are uploaded only if `crashReporter` is started. The IPv6
 * probe (a UDP socket towards 2001:4860:4860::8888) is a part of name resolution, which no longer happens.
 */

/**
 * Gives the page's session a proxy that cannot exist (port 0), for loopback too. The content security policy closes most
 * ways out already, but WebRTC's TCP and Chromium's own requests ignore it. Must be called before the page is opened. Code
 * that asks for the system's proxy must use another session.
 */
export function closePageNetwork(): Promise<void> {
  return closeNetwork(session.defaultSession);
}

/** The same for a session of its own. */
export function closeNetwork(target: Session): Promise<void> {
  return target.setProxy({
    proxyRules: 'socks5://127.0.0.1:0',
    proxyBypassRules: '<-loopback>',
  });
}

/**
 * Without languages, Chromium downloads no dictionary. Nothing less prevents that: with `spellcheck: false` on every window
 * and `setSpellCheckerEnabled(false)`, Chromium still requested one from a Google host at every start.
 */
export function closeSpellChecker(target: Session): void {
  // On macOS the system checks the spelling, and Electron rejects this call.
  if (process.platform !== 'darwin') target.setSpellCheckerLanguages([]);
}

/**
 * WebRTC may use only a proxy, and the page's proxy does not exist. So it sends no UDP to any address, and reveals no local
 * addresses.
 */
export function closeWebRtc(contents: WebContents): void {
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}
