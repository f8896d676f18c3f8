// Replaces Electron's own default_app.asar, which the repack lacks: `electron [switches] <app folder>`.
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { app } from 'electron';

const folder = path.resolve(process.argv.slice(1).find((argument) => !argument.startsWith('-')) ?? '.');
try {
  const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8'));
  Object.defineProperty(process, 'defaultApp', { value: true, enumerable: true });
  app.setName(manifest.productName ?? manifest.name);
  app.setVersion(manifest.version);
  app.setAppPath(folder);
  // Awaited at the top level, so that Electron does not fire 'ready' before the app's entry has run.
  await import(pathToFileURL(path.resolve(folder, manifest.main)).href);
} catch (error) {
  // Rethrowing would open a dialog, which nobody answers on a virtual display.
  console.error('The app failed to load:', error);
  process.exit(1);
}
