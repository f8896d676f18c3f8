// `npm run smoke`: tests whether the app packaged in release/ works on this system.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { globSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { prepareLinux } from './linux.ts';
import { makeTemporaryFolder, removeFolder } from './temporary-folder.ts';

const PROGRAMS = [
  'linux*-unpacked/lookalike',
  'win*-unpacked/Lookalike.exe',
  'mac*/Lookalike.app/Contents/MacOS/Lookalike',
];
/** The product in the photo of the self-test (shell/self-test.ts). */
const BEST_PRODUCT = '40101-NVY';
/** Longer than the self-test's own limit, in milliseconds: an app that hangs is killed. */
const PATIENCE_MS = 290_000;

/**
 * Starts a packaged program on a new data folder, where it imports the sample catalog and matches a photo, and starts it
 * again on the same folder. The folder has a name that a real user's folder could have.
 * @throws with the program's output when either start does not find the product
 */
export async function smokeTest(program: string): Promise<void> {
  const linux = process.platform === 'linux' ? await prepareLinux(program) : { args: [], env: {} };
  const folder = await makeTemporaryFolder();
  const dataDir = path.join(folder, 'Jörg & Söhne');
  await mkdir(dataDir);
  try {
    for (const [i, first] of [['--sample-catalog'], []].entries()) {
      const file = path.join(folder, `report-${i}.json`);
      const child = spawn(program, [...linux.args, ...first, `--self-test=${file}`], {
        env: { ...process.env, ...linux.env, LOOKALIKE_DATA: dataDir },
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: PATIENCE_MS,
        killSignal: 'SIGKILL',
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (said += chunk));
      const [code] = await once(child, 'close');
      const report = await readFile(file, 'utf8').catch(() => 'no report');
      if (code !== 0 || report !== JSON.stringify({ bestProduct: BEST_PRODUCT }))
        throw new Error(`The app ended with code ${code}: ${report}\n${said}`);
    }
  } finally {
    await removeFolder(folder);
  }
}

if (import.meta.main) {
  const release = path.resolve(import.meta.dirname, '../../release');
  const programs = globSync(PROGRAMS, { cwd: release });
  if (programs.length === 0)
    throw new Error(`There is no packaged app in ${release}: npm run package -- --dir`);
  for (const program of programs) {
    await smokeTest(path.join(release, program));
    console.log(`${program} imports the sample catalog and finds a photo in it, twice.`);
  }
}
