// `npm run bench [-- measure...] [-- --model-dir DIR]`: see README.md here.
import { mkdir, writeFile } from 'node:fs/promises';
import { availableParallelism, cpus, loadavg, totalmem } from 'node:os';
import { join, resolve } from 'node:path';
import { Argument, Command, Option } from 'commander';
import { makeTemporaryFolder, removeFolder } from '../electron/dev/temporary-folder.ts';
import { measureBusy, measureBusyCompare, measureSwitch } from './busy.ts';
import { fillCatalog, someThumbnails } from './catalog.ts';
import { measureCompare } from './compare.ts';
import { measureDrop } from './drop.ts';
import { type Figure, formatFigures, ratioOf, targetMet } from './figures.ts';
import { measureImport } from './import.ts';
import { measureMemory } from './memory.ts';
import { fullSizeModel, starterModel } from './model.ts';
import { measureModels } from './models.ts';
import { PhotoSource } from './photos.ts';
import { measurePile } from './pile.ts';
import { measurePublish } from './publish.ts';
import { measureQuery } from './query.ts';
import { measureReview } from './review.ts';
import { measureScale } from './scale.ts';
import { measureScan } from './scan.ts';
import { measureServe } from './serve.ts';
import { PRODUCTS, type Setting } from './setting.ts';
import { measureStart } from './start.ts';
import { measureSync } from './sync.ts';
import { measureTransformers } from './transformers.ts';

const MEASURES: Record<string, (setting: Setting) => Promise<Figure[]>> = {
  start: measureStart,
  drop: measureDrop,
  review: measureReview,
  pile: measurePile,
  query: measureQuery,
  scan: measureScan,
  scale: measureScale,
  import: measureImport,
  compare: measureCompare,
  busy: measureBusy,
  'busy-compare': measureBusyCompare,
  switch: measureSwitch,
  memory: measureMemory,
  models: measureModels,
  sync: measureSync,
  publish: measurePublish,
  serve: measureServe,
  transformers: measureTransformers,
};

const shared = resolve(import.meta.dirname, '../../shared/models/vit-b32-shape');
const SIZES = ['1000', '10000', '100000', '1000000'];

const program = new Command('bench')
  .description('Measures the engine. Nothing passes or fails here.')
  .addArgument(new Argument('[measures...]', 'default: all of them').choices(Object.keys(MEASURES)))
  .option('--model-dir <dir>', 'where the full-size graph and its weight generator are', shared)
  .addOption(
    new Option('--sizes <products...>', 'catalogs of the measures `scale` and `publish`')
      .choices(SIZES)
      .default(SIZES),
  )
  .parse();

const chosen = program.args.length > 0 ? program.args : Object.keys(MEASURES);
const { modelDir, sizes } = program.opts<{ modelDir: string; sizes: string[] }>();
const scratch = await makeTemporaryFolder();
try {
  await run(await prepare(), chosen);
} finally {
  await removeFolder(scratch);
}

async function prepare(): Promise<Setting> {
  const model = (await fullSizeModel(resolve(modelDir))) ?? (await starterModel());
  const photos = await PhotoSource.open();
  const dataDir = join(scratch, 'data');
  const { id, dim } = model.entry;
  console.error(`Filling a catalog of ${PRODUCTS} products.`);
  await fillCatalog(join(dataDir, 'catalog'), { id, dim }, PRODUCTS, await someThumbnails(photos));
  return { model, photos, scratch, dataDir, sizes: sizes.map(Number) };
}

async function run(setting: Setting, names: string[]): Promise<void> {
  const machine = {
    processor: cpus()[0]?.model.trim() ?? 'unknown',
    cores: availableParallelism(),
    memoryGB: Math.round(totalmem() / 1e9),
    platform: `${process.platform} ${process.arch}`,
    node: process.version,
    /** The machine's load before the run. Above 0.3 the numbers are less reliable. */
    load: loadavg()[0] ?? 0,
  };
  const figures: Figure[] = [];
  for (const name of names) {
    console.error(`Measuring: ${name}`);
    figures.push(...((await MEASURES[name]?.(setting)) ?? []));
  }
  const model = setting.model.entry.name;
  console.log(
    `\n${machine.processor}, ${machine.cores} cores, load before the run ${machine.load.toFixed(2)}`,
  );
  console.log(`Model: ${model}. Catalog: ${PRODUCTS} products. Photos: 800 x 1000 JPEG.\n`);
  console.log(formatFigures(figures));
  await save({
    machine,
    model,
    figures: figures.map((it) => ({ ...it, ratio: ratioOf(it), met: targetMet(it) })),
  });
}

async function save(result: object): Promise<void> {
  const at = new Date().toISOString();
  const folder = join(import.meta.dirname, 'results');
  const path = join(folder, `${at.replaceAll(':', '-').slice(0, 19)}.json`);
  await mkdir(folder, { recursive: true });
  await writeFile(path, `${JSON.stringify({ at, ...result }, null, 2)}\n`);
  console.error(`\nWritten to ${path}`);
}
