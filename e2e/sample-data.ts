import { execFile } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { makeTemporaryFolder, removeFolder } from '../electron/dev/temporary-folder.ts';

const run = promisify(execFile);
const repository = path.resolve(import.meta.dirname, '..');
/** Passes the folder to the workers, which inherit the environment. */
const VARIABLE = 'LOOKALIKE_E2E_SAMPLE';

/** Calibrates the catalog in a data folder, as every app would at its start. */
const CALIBRATE = `
  const [{ openEngine }, dataDir, models] = [await import(process.argv[1]), ...process.argv.slice(2)];
  const engine = await openEngine({ dataDir, modelRoots: [models], sampleFeed: '' });
  await engine.calibrate();
  await engine.close();`;

/**
 * Playwright's global setup: imports the sample catalog once for all tests, and calibrates it. Each test copies it, because
 * an import takes 18 s of a core, and calibrating 2 s.
 */
export default async function makeSampleData(): Promise<() => Promise<void>> {
  const folder = await makeTemporaryFolder();
  await run(process.execPath, [
    path.join(repository, 'electron/cli.ts'),
    'import',
    'sample',
    '--data',
    folder,
  ]);
  const engine = pathToFileURL(path.join(repository, 'electron/engine/engine.ts')).href;
  const models = path.join(repository, 'models');
  await run(process.execPath, ['--input-type=module', '-e', CALIBRATE, engine, folder, models]);
  process.env[VARIABLE] = folder;
  return () => removeFolder(folder);
}

/** The data folder with the sample catalog, for copying. */
export function sampleData(): string {
  const folder = process.env[VARIABLE];
  if (folder === undefined) throw new Error('The global setup has not run.');
  return folder;
}
