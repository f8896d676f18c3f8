import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { _electron, type ElectronApplication } from '@playwright/test';
import { type Electron, findElectron } from '../electron/dev/electron-binary.ts';
import { openEngine } from '../electron/engine/open-engine.ts';
import { type Figure, median } from './figures.ts';
import type { Setting } from './setting.ts';

const REPOSITORY = resolve(import.meta.dirname, '..');
const SAMPLE = join(REPOSITORY, 'resources/sample-catalog');
const STARTS = 5;

/** The milestones of a start, in milliseconds since the process was spawned. */
interface Stations {
  engine: number;
  page: number;
  painted: number;
  usable: number;
  answered: number;
}

/** Measures from spawning the built app to the Match screen on the sample catalog, and on to its first answer. */
export async function measureStart({ scratch }: Setting): Promise<Figure[]> {
  if (!existsSync(join(REPOSITORY, 'dist/main.js'))) throw new Error('Run "npm run build" first.');
  const dataDir = join(scratch, 'start');
  await importSample(dataDir);
  const electron = await findElectron();
  const starts: Stations[] = [];
  // The first start fills caches that later ones use, so it is not counted.
  for (let n = -1; n < STARTS; n++) {
    const stations = await startOnce(electron, dataDir);
    if (n >= 0) starts.push(stations);
  }
  const at = (station: keyof Stations) => median(starts.map((each) => each[station]));
  return [
    { name: 'app start to a usable Match screen', value: at('usable'), unit: 'ms' },
    { name: '  engine process begun at', value: at('engine'), unit: 'ms' },
    { name: '  page begun at', value: at('page'), unit: 'ms' },
    { name: '  first paint at', value: at('painted'), unit: 'ms' },
    { name: '  first photo answered at', value: at('answered'), unit: 'ms' },
  ];
}

async function importSample(dataDir: string): Promise<void> {
  const engine = await openEngine({
    dataDir,
    modelRoots: [join(REPOSITORY, 'models')],
    sampleFeed: join(SAMPLE, 'feed.json'),
  });
  const steps = engine.publisher.sync({ source: { kind: 'sample' } }, new AbortController().signal);
  while (!(await steps.next()).done);
  await engine.close();
}

async function startOnce(electron: Electron, dataDir: string): Promise<Stations> {
  const spawned = Date.now();
  const app = await _electron.launch({
    executablePath: electron.path,
    args: [...electron.args, REPOSITORY],
    env: { ...electron.env, LOOKALIKE_DATA: dataDir },
  });
  try {
    const page = await app.firstWindow();
    // The screen with this heading appears once the engine has reported the published catalog.
    const usable = await page.waitForFunction(
      () => document.querySelector('h1')?.checkVisibility() && Date.now(),
    );
    const { begun, painted } = await page.evaluate(() => {
      const [paint] = performance.getEntriesByName('first-contentful-paint');
      return {
        begun: performance.timeOrigin,
        painted: performance.timeOrigin + (paint?.startTime ?? Number.NaN),
      };
    });
    await page
      .getByLabel('Photo', { exact: true })
      .setInputFiles(join(SAMPLE, 'queries', '01-coat-on-rail.jpg'));
    const answered = await page.waitForFunction(() => document.querySelector('[data-product]') && Date.now());
    return {
      engine: (await engineBegun(app)) - spawned,
      page: begun - spawned,
      painted: painted - spawned,
      usable: Number(await usable.jsonValue()) - spawned,
      answered: Number(await answered.jsonValue()) - spawned,
    };
  } finally {
    await app.close();
  }
}

/** When the engine's process was created, in milliseconds since 1970. */
async function engineBegun(app: ElectronApplication): Promise<number> {
  const processes = await app.evaluate(({ app: main }) => main.getAppMetrics());
  return processes.find(({ name }) => name === 'Lookalike engine')?.creationTime ?? Number.NaN;
}
