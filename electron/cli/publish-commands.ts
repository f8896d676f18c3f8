import { readFile } from 'node:fs/promises';
import { type Command, CommanderError, InvalidArgumentError } from 'commander';
import { LookalikeError } from '../contract/errors.ts';
import {
  type FeedMapping,
  type FeedRequest,
  feedFormat,
  mappedField,
  source,
} from '../contract/publishing.ts';
import type { Engine } from '../engine/engine.ts';
import { isPack } from '../engine/publish/pack-source.ts';
import { NO_SOURCE, parseAddress, parseCharset, parseMapping } from './arguments.ts';
import {
  isOfDamage,
  printChecked,
  printDamaged,
  printDiff,
  printPackProgress,
  printPlan,
  printProgress,
  printPublished,
  printReport,
  printSnapshots,
} from './print.ts';
import { withMessages } from './sentences.ts';
import {
  ANY_MODEL,
  type CommonOptions,
  common,
  feedSource,
  fromHere,
  printJson,
  toEnd,
  withEngine,
} from './session.ts';

interface FeedOptions extends CommonOptions {
  format?: string;
  mapping?: string;
  charset?: string;
  imageBase?: string;
  source?: string;
  afresh?: true;
}

interface SyncOptions extends FeedOptions {
  confirmRemovals?: true;
  /** False with `--no-publish`. */
  publish: boolean;
}

/** Stands for the source without an id. */
const FEED = 'a feed, a folder of pictures or a catalog pack: a path, an http(s) URL, or "sample"';

const MAPPING_HELP = `
A mapping names the columns of a table, or the paths of unknown JSON and of its items:
  --mapping '{"format":"csv","fields":{"id":["Nr"],"title":["Text"],"images":["Bild 1","Bild 2"],"price":["VK"]}}'
  --mapping '{"format":"json-mapping","items":"data.items","fields":{"id":["sku"],"title":["name"],"images":["pics[*].url"]}}'
Fields: ${mappedField.options.join(', ')}.`;

/** The admin's commands: syncing the catalog, snapshots, sources and packs. */
export function addPublishCommands(program: Command): void {
  feedCommand(program.command('import'))
    .option('--afresh', 'embed every picture again, and take nothing over from what is published')
    .description('make the products of this source what its feed says, whatever they were before')
    .action(runImport);
  feedCommand(program.command('plan'))
    .description('say what a sync would change; writes nothing')
    .action(runPlan);
  feedCommand(program.command('sync'))
    .option('--confirm-removals', 'go on although more than 30 % of the products would be removed')
    .option('--no-publish', 'stage only; "publish" makes it live')
    .description('bring the catalog to the feed and publish it, refused when too much would go')
    .action(runSync);
  common(program.command('publish'))
    .option('--confirm-removals', 'go on although more than 30 % of the products would be removed')
    .description('publish what "sync --no-publish" has staged')
    .action(runPublish);
  common(program.command('snapshots'))
    .description('list the snapshots that can be gone back to')
    .action(runSnapshots);
  common(program.command('rollback'))
    .argument('<version>', 'a kept snapshot, older or newer than the live one', toVersion)
    .description('make another kept snapshot the live one')
    .action(runRollback);
  common(program.command('diff'))
    .argument('<from>', 'a kept snapshot', toVersion)
    .argument('<to>', 'another', toVersion)
    .description('say what going from one snapshot to another changes')
    .action(runDiff);
  common(program.command('remove'))
    .argument('<source>', `the id of a source, or "${NO_SOURCE}" for what was imported without one`)
    .description('publish the catalog without the products of a source')
    .action(runRemove);
  common(program.command('check'))
    .option('--remove-damaged', 'delete the damaged files that were set aside')
    .description(
      'compare every byte of the catalog with what was published, and read all comparisons; exit code 4 when something is damaged',
    )
    .action(runCheck);
  common(program.command('pack'))
    .argument('<file>', 'the .lookalike-pack to write')
    .option('--snapshot <version>', 'a kept snapshot; default: the live one', toVersion)
    .option('--source <id>', 'the products of this source alone')
    .option('--sign <key>', 'sign it with this Ed25519 private key (PEM)')
    .description('write a snapshot as one file for stores without a network')
    .action(runPack);
  common(program.command('unpack'))
    .argument('<file>', 'the .lookalike-pack')
    .option('--dry-run', 'say whose it is and what it would change; writes nothing')
    .option('--confirm-removals', 'go on although more than 30 % of the products would be removed')
    .description(
      'make the products of its sources what this pack holds; only signed ones where <data>/trusted-keys holds PEM files',
    )
    .action(runUnpack);
}

function feedCommand(command: Command): Command {
  return common(command)
    .argument('<feed>', FEED)
    .option(
      '--format <format>',
      `read it as one of ${feedFormat.options.join(', ')}; default: recognised by itself`,
    )
    .option(
      '--mapping <json>',
      'where the fields of a table or of unknown JSON are: JSON, or the path of a file that holds it',
    )
    .option('--charset <name>', 'the encoding of its text, such as windows-1252, whatever it says of itself')
    .option('--image-base <url>', 'the web address before the paths of the feed’s pictures')
    .option(
      '--source <id>',
      'keep its products apart under this name, beside those of other sources; letters, digits and hyphens',
      toSourceId,
    )
    .addHelpText('after', MAPPING_HELP);
}

function toSourceId(text: string): string {
  const id = source.shape.id.safeParse(text);
  if (!id.success || id.data === NO_SOURCE)
    throw new InvalidArgumentError(
      `It must be 1 to 64 small letters, digits and hyphens, and not "${NO_SOURCE}".`,
    );
  return id.data;
}

async function feedRequest(feed: string, options: FeedOptions): Promise<FeedRequest> {
  const { format, mapping, charset, imageBase } = options;
  const known = format === undefined ? null : feedFormat.safeParse(format);
  if (known?.success === false) throw new InvalidArgumentError(`"${format}" is not a format.`);
  return {
    source: feedSource(feed),
    format: known?.data ?? null,
    mapping: mapping === undefined ? null : await readMapping(mapping),
    charset: charset === undefined ? null : parseCharset(charset),
    imageBase: imageBase === undefined ? null : parseAddress(imageBase),
    sourceId: options.source ?? null,
  };
}

/** A mapping from the command line, or from a file. */
async function readMapping(written: string): Promise<FeedMapping> {
  if (written.trimStart().startsWith('{')) return parseMapping(written, '--mapping');
  const path = fromHere(written);
  try {
    return parseMapping(await readFile(path, 'utf8'), path);
  } catch (cause) {
    if (cause instanceof CommanderError) throw cause;
    throw new InvalidArgumentError(`The mapping could not be read: ${String(cause)}`);
  }
}

/** The exit code of an incomplete import; see `cli.ts`. */
const INCOMPLETE = 7;

async function sync(
  request: FeedRequest,
  options: Omit<SyncOptions, keyof FeedOptions> & CommonOptions & Pick<FeedOptions, 'afresh'>,
): Promise<void> {
  await withEngine(options, async (engine, signal) => {
    const { publish, confirmRemovals = false, afresh = false } = options;
    const steps = engine.publisher.sync({ ...request, publish, confirmRemovals, afresh }, signal);
    const report = await toEnd(steps, printProgress);
    if (report.published) await calibrated(engine, signal);
    if (options.json) printJson(withMessages(report));
    else printReport(report, publish);
    if (report.toCome) process.exitCode = INCOMPLETE;
  });
}

/**
 * Measures how what was published is best ranked, so that it is known to whoever searches next: a command that only searches
 * does not wait for that. Ctrl-C leaves it to the next engine; the catalog is published either way.
 */
async function calibrated(engine: Engine, signal: AbortSignal): Promise<void> {
  process.stderr.write('Measuring how this catalog is best ranked …\n');
  const aborted = new Promise<void>((resolve) =>
    signal.addEventListener('abort', () => resolve(), { once: true }),
  );
  if (!signal.aborted) await Promise.race([engine.calibrate(), aborted]);
}

/** A person who names a feed to import wants it to replace the catalog, so removals need no confirmation. */
async function runImport(feed: string, options: FeedOptions): Promise<void> {
  await sync(await feedRequest(feed, options), { ...options, publish: true, confirmRemovals: true });
}

async function runSync(feed: string, options: SyncOptions): Promise<void> {
  await sync(await feedRequest(feed, options), options);
}

async function runUnpack(
  file: string,
  options: CommonOptions & { dryRun?: true; confirmRemovals?: true },
): Promise<void> {
  if (!isPack(file)) {
    throw new LookalikeError({ code: 'PACK_INVALID', params: { reason: 'file-name' } }, { item: file });
  }
  if (options.dryRun) return plan({ source: feedSource(file) }, options);
  return sync({ source: feedSource(file) }, { ...options, publish: true });
}

async function runPlan(feed: string, options: FeedOptions): Promise<void> {
  return plan(await feedRequest(feed, options), options);
}

async function plan(request: FeedRequest, options: CommonOptions): Promise<void> {
  await withEngine(options, async (engine, signal) => {
    const plan = await toEnd(engine.publisher.plan(request, signal), printProgress);
    if (options.json) printJson(withMessages(plan));
    else printPlan(plan);
  });
}

async function runPublish(options: CommonOptions & { confirmRemovals?: true }): Promise<void> {
  await withEngine(options, async (engine, signal) => {
    const published = await engine.publisher.publishStaged(options.confirmRemovals ?? false);
    if (published) await calibrated(engine, signal);
    if (options.json) printJson({ published });
    else printPublished(published);
  });
}

async function runSnapshots(options: CommonOptions): Promise<void> {
  await withEngine(
    options,
    async ({ catalog }) => {
      const snapshots = await catalog.history.list();
      const diskUse = await catalog.diskUse();
      if (options.json) printJson({ snapshots, diskUse });
      else printSnapshots(snapshots, diskUse);
    },
    ANY_MODEL,
  );
}

async function runRollback(version: number, options: CommonOptions): Promise<void> {
  await withEngine(
    options,
    async (engine) => {
      const snapshot = await engine.rollBack(version);
      if (options.json) printJson(snapshot);
      else printPublished(snapshot);
    },
    ANY_MODEL,
  );
}

async function runRemove(from: string, options: CommonOptions): Promise<void> {
  await withEngine(options, async (engine) => {
    const published = await engine.publisher.removeProducts(from === NO_SOURCE ? '' : from);
    if (options.json) printJson({ published });
    else if (published) printPublished(published);
    else process.stdout.write(`The catalog has no products of "${from}".\n`);
  });
}

async function runDiff(from: number, to: number, options: CommonOptions): Promise<void> {
  await withEngine(
    options,
    async ({ catalog }) => {
      const diff = await catalog.history.compare(from, to);
      if (options.json) printJson(diff);
      else printDiff(diff);
    },
    ANY_MODEL,
  );
}

async function runCheck(options: CommonOptions & { removeDamaged?: true }): Promise<void> {
  const check = async (engine: Engine) => {
    if (options.removeDamaged) await engine.health.removeSetAside();
    const damaged = [...(await engine.health.check(printChecked)), ...(await engine.comparisons.check())];
    const { notices } = await engine.status();
    if (options.json) printJson({ damaged, notices });
    else printDamaged(damaged, notices);
    if (damaged.length > 0 || notices.some(isOfDamage)) process.exitCode = 4;
  };
  await withEngine(options, check, { ...ANY_MODEL, tellsNotices: false });
}

async function runPack(
  file: string,
  options: CommonOptions & { snapshot?: number; source?: string; sign?: string },
): Promise<void> {
  await withEngine(options, async (engine, signal) => {
    const signingKey = options.sign === undefined ? undefined : await readKey(fromHere(options.sign));
    const request = {
      path: fromHere(file),
      ...(options.snapshot === undefined ? {} : { version: options.snapshot }),
      ...(options.source === undefined ? {} : { source: options.source }),
      ...(signingKey === undefined ? {} : { signingKey }),
    };
    const report = await toEnd(engine.publisher.exportPack(request, signal), printPackProgress);
    if (options.json) printJson(report);
    else {
      process.stdout.write(`Wrote ${report.path}, ${(report.bytes / 1e6).toFixed(1)} MB\n`);
      if (report.notReplaced !== null)
        process.stdout.write(`${report.notReplaced} is open in another program and could not be replaced.\n`);
    }
  });
}

async function readKey(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new LookalikeError('PACK_KEY_INVALID', { item: path, cause });
  }
}

function toVersion(text: string): number {
  const version = Number(text);
  if (!Number.isInteger(version) || version < 1)
    throw new InvalidArgumentError('It must be the number of a snapshot.');
  return version;
}
