// The built app with the socket guard in front. Playwright removes NODE_OPTIONS, so the guard cannot come from outside.
import './socket-guard.cjs';

// Awaited, so that Electron holds 'ready' back until the app's entry has run.
await import('../../dist/main.js');
