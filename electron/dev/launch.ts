// `npm start`: runs the built app on this machine's Electron, and exits with its exit code.
import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';
import { findElectron } from './electron-binary.ts';

const electron = await findElectron();
const project = fileURLToPath(new URL('../..', import.meta.url));
const app = spawn(electron.path, [...electron.args, project, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: electron.env,
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => app.kill(signal));
app.on('close', (code, signal) => {
  process.exitCode = code ?? 128 + (signal === null ? 0 : constants.signals[signal]);
});
