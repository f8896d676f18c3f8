import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Command, CommanderError, InvalidArgumentError } from 'commander';
import { parseCrop, parseWhere } from './cli/arguments.ts';
import { printProgress, printReport, printResults, printStatus } from './cli/print.ts';
import { type ErrorCode, LookalikeError } from './contract/errors.ts';
import type { FeedSource } from './contract/schemas.ts';
import { type Engine, openEngine } from './engine/engine.ts';

const repository = fileURLToPath(new URL('..', import.meta.url));
/** npm runs scripts in the package's folder; paths are meant from where the user typed them. */
const here = process.env.INIT_CWD ?? process.cwd();

const EXIT_CODES = `
Exit codes:
  0    done (an import may still list problems of single items)
  1    something went wrong inside Lookalike
  2    the command line was not understood
  3    the photo, crop or feed could not be used
  4    the catalog is empty, busy, unreadable or cannot be written
  5    the model is missing, damaged or not what it should be
  130  cancelled`;

interface CommonOptions {
  data: string;
  model?: string;
  json?: true;
}

interface SearchOptions extends CommonOptions {
  limit: number;
  crop?: string;
  where: string[];
}

/** Opens the engine on the data folder for one command, and closes it. */
async function withEngine(options: CommonOptions, work: (engine: Engine) => Promise<void>): Promise<void> {
  const dataDir = resolve(here, options.data);
  const engine = await openEngine({
    dataDir,
    modelRoots: [resolve(dataDir, 'models'), resolve(repository, 'models')],
    sampleFeed: resolve(repository, 'resources/sample-catalog/feed.json'),
    ...(options.model === undefined ? {} : { modelId: options.model }),
  });
  try {
    await work(engine);
  } finally {
    await engine.close();
  }
}

async function runImport(feed: string, options: CommonOptions): Promise<void> {
  const cancel = new AbortController();
  process.once('SIGINT', () => cancel.abort());
  process.once('SIGTERM', () => cancel.abort());
  await withEngine(options, async (engine) => {
    const steps = engine.importFeed(feedSource(feed), cancel.signal);
    let step = await steps.next();
    while (!step.done) {
      printProgress(step.value);
      step = await steps.next();
    }
    if (options.json) printJson(step.value);
    else printReport(step.value);
  });
}

async function runSearch(image: string, options: SearchOptions): Promise<void> {
  await withEngine(options, async (engine) => {
    const photo = { path: resolve(here, image) };
    const crop =
      options.crop === undefined ? undefined : await parseCrop(options.crop, () => engine.preview(photo));
    const answer = await engine.search({
      query: { kind: 'photo', photo, ...(crop ? { crop } : {}) },
      filters: parseWhere(options.where),
      limit: options.limit,
    });
    const { thumbnails: _, facets: __, ...rest } = answer;
    if (options.json) printJson(rest);
    else printResults(answer);
  });
}

async function runStatus(options: CommonOptions): Promise<void> {
  await withEngine(options, async (engine) => {
    const status = await engine.status();
    if (options.json) printJson(status);
    else printStatus(status);
  });
}

function feedSource(feed: string): FeedSource {
  if (feed === 'sample') return { kind: 'sample' };
  if (/^https?:\/\//i.test(feed)) return { kind: 'url', url: feed };
  return { kind: 'file', path: resolve(here, feed) };
}

function toLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) {
    throw new InvalidArgumentError('It must be a whole number from 1 to 10000.');
  }
  return limit;
}

function addFilter(filter: string, before: string[]): string[] {
  parseWhere([...before, filter]);
  return [...before, filter];
}

const printJson = (value: unknown) => process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);

function exitCode(code: ErrorCode): number {
  if (code === 'CANCELLED') return 130;
  if (/^(IMAGE|CROP|FEED|ITEM|PRODUCT)_/.test(code)) return 3;
  if (/^(CATALOG|STORAGE)_/.test(code)) return 4;
  if (/^(MODEL|MANIFEST)_/.test(code)) return 5;
  return 1;
}

const program = new Command('lookalike')
  .description('Finds the product in the photo, offline. The same engine as the app, from a terminal.')
  .addHelpText('after', EXIT_CODES)
  .exitOverride();

const common = (command: Command) =>
  command
    .requiredOption('--data <dir>', 'the folder that holds the catalog and installed models')
    .option(
      '--model <id>',
      'the model to use; default: the one of the published catalog, else the best installed',
    )
    .option('--json', 'print one JSON document on stdout')
    .exitOverride();

common(program.command('import'))
  .argument('<feed>', 'a feed file, an http(s) URL, or "sample" for the catalog that ships with the app')
  .description('import a feed and publish it')
  .action(runImport);

common(program.command('search'))
  .argument('<image>', 'the photo')
  .option('--limit <n>', 'how many products', toLimit, 12)
  .option('--crop <x,y,w,h>', 'part of the upright photo: fractions if all are at most 1, else pixels')
  .option(
    '--where <filter>',
    'a filter such as category=dress, "price<=100" or material=wool; repeat it to combine (same field: either)',
    addFilter,
    [],
  )
  .description('rank the products of the catalog against a photo')
  .action(runSearch);

common(program.command('status')).description('say what is published and with which model').action(runStatus);

try {
  await program.parseAsync();
} catch (error) {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2;
  } else {
    const known =
      error instanceof LookalikeError ? error : new LookalikeError('INTERNAL', { detail: String(error) });
    const { code, message, item } = known;
    if (process.argv.includes('--json')) printJson({ error: { code, message, ...(item ? { item } : {}) } });
    process.stderr.write(`lookalike: ${message}${item && !message.includes(item) ? ` (${item})` : ''}\n`);
    if (code === 'INTERNAL' && error instanceof Error) process.stderr.write(`${error.stack}\n`);
    process.exitCode = exitCode(code);
  }
}
