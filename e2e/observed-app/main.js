// The built app, with the socket guard loaded first. Playwright removes NODE_OPTIONS, so the guard cannot be loaded from
// outside.
import './socket-guard.cjs';

// Awaited, so that Electron does not fire 'ready' before the app's entry has run.
await import('../../dist/main.js');
