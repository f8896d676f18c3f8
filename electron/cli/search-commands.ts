import { type Command, InvalidArgumentError } from 'commander';
import { MOST_QUERY_PHOTOS } from '../contract/limits.ts';
import type { SearchRequest } from '../contract/search.ts';
import type { Engine } from '../engine/engine.ts';
import { web } from '../engine/net/client.ts';
import { parseCrop, parseWhere } from './arguments.ts';
import { printLearning, printResults, printStatus } from './print.ts';
import { ANY_MODEL, type CommonOptions, common, fromHere, printJson, withEngine } from './session.ts';

interface SearchOptions extends CommonOptions {
  limit: number;
  crop: string;
  words?: string;
  balance?: number;
  without?: string;
  colorWeight?: number;
  sameColor?: true;
  learned?: true;
  where: string[];
}

/** The commands that search the published catalog. */
export function addSearchCommands(program: Command): void {
  common(program.command('search'))
    .argument(
      '[images...]',
      'the photo, or up to five photos of one item; may be left out where --words are given',
    )
    .option('--limit <n>', 'how many products', toLimit, 12)
    .option(
      '--crop <x,y,w,h>',
      'part of the upright photo: fractions if all are at most 1, else pixels; "whole" for all of it; "auto" for the part that shows the product, where that is clearly more like the catalog',
      'auto',
    )
    .option('--words <text>', 'what it should be, alone or beside the photo: "in green"', toWords)
    .option('--balance <n>', 'how much the words count beside the photo, 0 to 1 (default: 0.5)', toShare)
    .option('--without <text>', 'what it should not be: "stripes"', toWords)
    .option(
      '--color-weight <n>',
      'how much colour counts, 0 to 1 (default: as measured on this catalog)',
      toShare,
    )
    .option(
      '--learned',
      'rank with what this machine has learned from photos and what was said of them, and learn from this photo',
    )
    .option('--same-color', "only products of the photo's colour")
    .option(
      '--where <filter>',
      'a filter such as category=dress, "price<=100" or material=wool; repeat it to combine (same field: either)',
      addFilter,
      [],
    )
    .description('rank the products of the catalog against a photo, words, or both')
    .action(runSearch);
  common(program.command('learning'))
    .option('--off', 'learn nothing, and answer as if nothing had been learned')
    .option('--on', 'learn again')
    .option('--forget', 'forget all that was learned')
    .option(
      '--export <file>',
      'write what was said of photos to a JSON file: ids, ranks and embeddings, no photo',
    )
    .description(
      'say what this machine has learned from photos and what was said of them, with the model in use',
    )
    .action(runLearning);
  common(program.command('status'))
    .description('say what is published and with which model')
    .action(runStatus);
}

async function runSearch(images: string[], options: SearchOptions, command: Command): Promise<void> {
  if (images.length === 0 && options.words === undefined) {
    command.error('error: give a photo, --words, or both', { exitCode: 2 });
  }
  if (images.length > MOST_QUERY_PHOTOS) {
    command.error(`error: at most ${MOST_QUERY_PHOTOS} photos of one item`, { exitCode: 2 });
  }
  await withEngine(options, async (engine) => {
    const { without, colorWeight, sameColor, learned } = options;
    const answer = await engine.search({
      query: await readQuery(engine, images, options),
      ...(without === undefined ? {} : { without }),
      ...(colorWeight === undefined ? {} : { colorWeight }),
      ...(sameColor === undefined ? {} : { sameColor }),
      ...(learned === undefined ? {} : { learned }),
      filters: parseWhere(options.where),
      limit: options.limit,
    });
    const { thumbnails: _, facets: __, ...rest } = answer;
    if (options.json) printJson(rest);
    else printResults(answer);
  });
}

async function readQuery(
  engine: Engine,
  [image, ...further]: readonly string[],
  { words = '', balance, crop }: SearchOptions,
): Promise<SearchRequest['query']> {
  if (image === undefined) return { kind: 'words', words };
  const photo = { path: fromHere(image) };
  return {
    kind: 'photo',
    photo,
    also: further.map((path) => ({ path: fromHere(path) })),
    crop: crop === 'auto' || crop === 'whole' ? crop : await parseCrop(crop, () => engine.preview(photo)),
    ...(words === '' ? {} : { words }),
    ...(balance === undefined ? {} : { balance }),
  };
}

interface LearningOptions extends CommonOptions {
  off?: true;
  on?: true;
  forget?: true;
  export?: string;
}

async function runLearning(options: LearningOptions): Promise<void> {
  await withEngine(options, async (engine) => {
    const learned = await engine.learned;
    if (options.export !== undefined) await learned.exportTo(fromHere(options.export));
    if (options.forget) await learned.forget();
    if (options.off || options.on) await learned.switch(!options.off);
    const learning = await learned.learning();
    if (options.json) printJson(learning);
    else printLearning(learning);
  });
}

async function runStatus(options: CommonOptions): Promise<void> {
  await withEngine(
    options,
    async (engine) => {
      const status = await engine.status();
      if (options.json) printJson({ ...status, connections: web.ledger.connections });
      else printStatus(status);
    },
    ANY_MODEL,
  );
}

function toLimit(text: string): number {
  const limit = Number(text);
  if (!Number.isInteger(limit) || limit < 1 || limit > 10_000) {
    throw new InvalidArgumentError('It must be a whole number from 1 to 10000.');
  }
  return limit;
}

function toWords(text: string): string {
  const words = text.trim();
  if (words === '' || words.length > 500) throw new InvalidArgumentError('It must be 1 to 500 characters.');
  return words;
}

function toShare(text: string): number {
  const share = Number(text);
  if (text.trim() === '' || !(share >= 0 && share <= 1)) {
    throw new InvalidArgumentError('It must be a number from 0 to 1.');
  }
  return share;
}

function addFilter(filter: string, before: string[]): string[] {
  parseWhere([...before, filter]);
  return [...before, filter];
}
