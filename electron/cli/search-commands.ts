import { type Command, InvalidArgumentError } from 'commander';
import { parseCrop, parseWhere } from './arguments.ts';
import { printResults, printStatus } from './print.ts';
import { type CommonOptions, common, fromHere, printJson, withEngine } from './session.ts';

interface SearchOptions extends CommonOptions {
  limit: number;
  crop?: string;
  where: string[];
}

/** The commands that ask the published catalog. */
export function addSearchCommands(program: Command): void {
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
  common(program.command('status'))
    .description('say what is published and with which model')
    .action(runStatus);
}

async function runSearch(image: string, options: SearchOptions): Promise<void> {
  await withEngine(options, async (engine) => {
    const photo = { path: fromHere(image) };
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
