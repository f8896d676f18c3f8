import { type Session, session, type WebContents } from 'electron';

/**
 * Leaves Chromium no network. The page needs none: its own scheme serves it, and the engine is a process that makes its
 * own connections. What was looked for and is not part of Electron, so that it needs no switch: component updater, safe
 * browsing, variations, captive-portal detection, network time, autofill and optimisation servers, cast and DIAL
 * discovery, translation. Crash reports are uploaded by nobody unless `crashReporter` is started. The probe of IPv6 (a UDP
 * socket towards 2001:4860:4860::8888) belongs to name resolution, of which there is none any more.
 */

/**
 * Gives the page's session a proxy that cannot exist (port 0), for loopback too. The content security policy closes most
 * ways out before this one; TCP of WebRTC and Chromium's own requests do not ask it. Must be done before the page is
 * opened. What asks for the system's proxy must use another session.
 */
export function closePageNetwork(): Promise<void> {
  return session.defaultSession.setProxy({
    proxyRules: 'socks5://127.0.0.1:0',
    proxyBypassRules: '<-loopback>',
  });
}

/**
 * Without languages no dictionary is downloaded. Nothing less stops that: with `spellcheck: false` on every window and
 * `setSpellCheckerEnabled(false)` Chromium still asked a Google host for one at every start.
 */
export function closeSpellChecker(target: Session): void {
  // On macOS the system checks the spelling, and Electron refuses the call.
  if (process.platform !== 'darwin') target.setSpellCheckerLanguages([]);
}

/** WebRTC may use a proxy or nothing, and the page's proxy does not exist: no UDP to any address, no local addresses shown. */
export function closeWebRtc(contents: WebContents): void {
  contents.setWebRTCIPHandlingPolicy('disable_non_proxied_udp');
}
