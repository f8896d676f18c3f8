import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Command, InvalidArgumentError, Option } from 'commander';
import type { FeedSource } from '../contract/publishing.ts';
import type { Engine } from '../engine/engine.ts';
import { dataFolder } from '../engine/files/data-folder.ts';
import { restoreReplaced } from '../engine/models/install/stage.ts';
import { ModelStore } from '../engine/models/install/store.ts';
import { ModelChoice } from '../engine/models/model-choice.ts';
import { openEngine } from '../engine/open-engine.ts';
import { Upgrade } from '../engine/upgrade.ts';
import { clearProgress, printUpgrade } from './print.ts';
import { faultSentence } from './sentences.ts';

const repository = fileURLToPath(new URL('../..', import.meta.url));

export interface CommonOptions {
  data: string;
  model?: string;
  json?: true;
  search?: 'memory' | 'lance';
  memory?: number;
}

/** Adds the options that every command has. */
export function common(command: Command): Command {
  return command
    .requiredOption('--data <dir>', 'the folder that holds the catalog and installed models')
    .option(
      '--model <id>',
      'the model to use; default: the one in use, else the one of the published catalog, else the best installed',
    )
    .option('--json', 'print one JSON document on stdout')
    .addOption(
      new Option(
        '--search <by>',
        'what searches the catalog (default: memory, or LanceDB itself for a catalog that is larger than it may take)',
      ).choices(['memory', 'lance']),
    )
    .option(
      '--memory <megabytes>',
      "how much memory the catalog may take before LanceDB searches it (default: a quarter of the machine's)",
      toMegabytes,
    )
    .exitOverride();
}

function toMegabytes(text: string): number {
  const megabytes = Number(text);
  if (!(megabytes > 0)) throw new InvalidArgumentError('It must be a number of megabytes above 0.');
  return megabytes;
}

/** npm runs scripts in the package's folder, so paths are resolved against the folder where the user typed them. */
export function fromHere(path: string): string {
  return resolve(process.env.INIT_CWD ?? process.cwd(), path);
}

/** "sample", a URL, or a path. */
export function feedSource(feed: string): FeedSource {
  if (feed === 'sample') return { kind: 'sample' };
  if (/^https?:\/\//i.test(feed)) return { kind: 'url', url: feed };
  return { kind: 'file', path: fromHere(feed) };
}

/** For commands that look at no picture: a model in use that is missing or altered is a notice. */
export const ANY_MODEL = { fallBack: true };

/**
 * Opens the engine on the data folder for one command, and closes it. The signal aborts at Ctrl-C, SIGTERM,
 * and when the console is closed.
 * @param options.fallBack for commands that change the model: continue when the one in use is missing or altered
 * @param options.tellsNotices false for a command that prints the notices itself
 */
export async function withEngine(
  options: CommonOptions,
  work: (engine: Engine, signal: AbortSignal) => Promise<void>,
  { fallBack = false, tellsNotices = true } = {},
): Promise<void> {
  const signal = untilStopped();
  const upgrade = new Upgrade();
  const engine = await openEngine({
    ...folders(options),
    // A model that is named is the one that is meant.
    fallBack: fallBack && options.model === undefined,
    signal,
    onUpgrade: (done, total) => {
      upgrade.note(done, total);
      if (upgrade.now) printUpgrade(upgrade.now);
    },
    sampleFeed: resolve(repository, 'resources/sample-catalog/feed.json'),
    ...(options.model === undefined ? {} : { modelId: options.model }),
    memory: {
      ...(options.memory === undefined ? {} : { bytes: options.memory * 1e6 }),
      ...(options.search === undefined ? {} : { answeredBy: options.search }),
    },
  });
  // Nothing may be printed on the progress line.
  if (upgrade.now) clearProgress();
  try {
    const { notices } = tellsNotices ? await engine.status() : { notices: [] };
    for (const notice of notices) process.stderr.write(`${faultSentence(notice)}\n`);
    await work(engine, signal);
  } finally {
    await engine.close();
  }
}

/** Opens only the models of the data folder: this works even when none of them is installed or intact. */
export async function withModels(
  options: CommonOptions,
  work: (models: ModelStore, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const { dataDir, modelRoots } = folders(options);
  const choice = await ModelChoice.open({ dataDir, modelRoots });
  const folder = dataFolder.models(dataDir);
  await restoreReplaced(folder);
  await work(new ModelStore({ folder, roots: modelRoots, inUse: () => choice.current() }), untilStopped());
}

function folders(options: CommonOptions): { dataDir: string; modelRoots: string[] } {
  const dataDir = fromHere(options.data);
  return { dataDir, modelRoots: [dataFolder.models(dataDir), resolve(repository, 'models')] };
}

function untilStopped(): AbortSignal {
  const cancel = new AbortController();
  // Windows knows no SIGTERM: there a console that is closed is SIGHUP, and Ctrl+Break SIGBREAK.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'])
    process.once(signal, () => cancel.abort());
  return cancel.signal;
}

/** Runs a generator to its result, and shows each step. */
export async function toEnd<Step, Answer>(
  steps: AsyncGenerator<Step, Answer>,
  show: (step: Step) => void,
): Promise<Answer> {
  let step = await steps.next();
  while (!step.done) {
    show(step.value);
    step = await steps.next();
  }
  return step.value;
}

export function printJson(value: unknown): void {
  process.stdout.write(`${JSON.stringify(value, null, 2)}\n`);
}
