import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { z } from 'zod';
import { makeTemporaryFolder, removeFolder } from '../electron/dev/temporary-folder.ts';

const run = promisify(execFile);
const repository = path.resolve(import.meta.dirname, '..');
/** Passes the folder to the workers, which inherit the environment. */
const VARIABLE = 'LOOKALIKE_E2E_SAMPLE';
/**
 * Products of the small sample catalog. The app calibrates no catalog with fewer than 30 styles, which saves the tests that
 * import it themselves 20 s of a core.
 */
const FEW_PRODUCTS = 28;

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
  const data = path.join(folder, 'data');
  await importSample('sample', data);
  const engine = pathToFileURL(path.join(repository, 'electron/engine/open-engine.ts')).href;
  const models = path.join(repository, 'models');
  await run(process.execPath, ['--input-type=module', '-e', CALIBRATE, engine, data, models]);
  await makeSmallApp(path.join(folder, 'app'));
  await importSample(feedOf(folder), path.join(folder, 'small-data'));
  process.env[VARIABLE] = folder;
  return () => removeFolder(folder);
}

async function importSample(feed: string, data: string): Promise<void> {
  await run(process.execPath, [path.join(repository, 'electron/cli.ts'), 'import', feed, '--data', data]);
}

/** Copies the built app, with the first products of the sample catalog only. */
async function makeSmallApp(folder: string): Promise<void> {
  const sample = path.join(repository, 'resources/sample-catalog');
  const smallSample = path.join(folder, 'resources/sample-catalog');
  await mkdir(smallSample, { recursive: true });
  // Node resolves links, and the app finds its resources from the folder that it is in.
  await cp(path.join(repository, 'dist'), path.join(folder, 'dist'), { recursive: true });
  await cp(path.join(repository, 'package.json'), path.join(folder, 'package.json'));
  for (const name of ['models', 'node_modules', 'resources/sample-catalog/images'])
    await symlink(path.join(repository, name), path.join(folder, name));
  const feed = z
    .looseObject({ products: z.array(z.unknown()) })
    .parse(JSON.parse(await readFile(path.join(sample, 'feed.json'), 'utf8')));
  const products = feed.products.slice(0, FEW_PRODUCTS);
  await writeFile(path.join(smallSample, 'feed.json'), JSON.stringify({ ...feed, products }));
}

/** The data folder with the sample catalog, for copying. */
export const sampleData = (): string => path.join(setUp(), 'data');

/** The built app with a small sample catalog. */
export const smallApp = (): string => path.join(setUp(), 'app');

/** The data folder with the small sample catalog, for copying. */
export const smallData = (): string => path.join(setUp(), 'small-data');

/** How many products and pictures the small sample catalog has. */
export async function smallSample(): Promise<{ products: number; pictures: number }> {
  const { products } = z
    .object({ products: z.array(z.object({ images: z.array(z.string()) })) })
    .parse(JSON.parse(await readFile(feedOf(setUp()), 'utf8')));
  return { products: products.length, pictures: products.flatMap(({ images }) => images).length };
}

const feedOf = (folder: string) => path.join(folder, 'app/resources/sample-catalog/feed.json');

function setUp(): string {
  const folder = process.env[VARIABLE];
  if (folder === undefined) throw new Error('The global setup has not run.');
  return folder;
}
