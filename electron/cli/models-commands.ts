import { type Command, InvalidArgumentError } from 'commander';
import {
  type InstallProgress,
  type InstallRequest,
  type ModelState,
  modelMirror,
} from '../contract/models.ts';
import type { Engine } from '../engine/engine.ts';
import { printProgress as printImportProgress, printSwitch } from './print.ts';
import { withMessages } from './sentences.ts';
import { type CommonOptions, common, fromHere, printJson, toEnd, withEngine, withModels } from './session.ts';

interface InstallOptions extends CommonOptions {
  from?: string;
  mirror?: string;
}

const PHASES = { downloading: 'Downloading', copying: 'Copying', verifying: 'Verifying' } as const;
const VOUCHED = {
  manifest: "by the app's list",
  hub: "by the hub's own hash",
  noted: 'by the hash noted when it was installed',
} as const;

/** The commands that install, verify and remove models. */
export function addModelsCommands(program: Command): void {
  const models = program
    .command('models')
    .description('the models that can be installed, and those that are');
  common(models.command('list'))
    .description('list the models: what is installed (*), and what can be')
    .action(runList);
  common(models.command('install'))
    .argument('[id]', 'a model of the list; not with --from')
    .option('--from <path>', 'a model file, a folder of its files, or a folder with a model.json')
    .option(
      '--mirror <url>',
      'where models are downloaded from, from now on; "none": from the listed addresses',
      toMirror,
    )
    .description('download a model, going on where an earlier try stopped, or copy it from a path; verify it')
    .action(runInstall);
  common(models.command('verify'))
    .argument('<id>', 'an installed model')
    .description('read every byte of a model again')
    .action(runVerify);
  common(models.command('use'))
    .argument('<id>', 'an installed model')
    .description(
      'look at the catalog with this model, from its stored pictures, and let it answer from then on',
    )
    .action(runUse);
  common(models.command('remove'))
    .argument('<id>', 'an installed model, or one whose download was interrupted')
    .description('delete a model, and the table that was made with it')
    .action(runRemove);
}

async function runList(options: CommonOptions): Promise<void> {
  await withModels(options, async (models) => {
    const list = await models.list();
    if (options.json) printJson({ models: list, mirror: (await models.mirror()).url });
    else process.stdout.write(`${list.map(linesOf).join('')}${ABOUT_NUMBERS}`);
  });
}

async function runInstall(id: string | undefined, options: InstallOptions, command: Command): Promise<void> {
  const request = installRequest(id, options.from);
  if (!request) command.error('error: name a model of the list, or a path with --from, and not both');
  await withModels(options, async (models, signal) => {
    if (options.mirror !== undefined)
      await models.setMirror({ url: options.mirror === 'none' ? null : options.mirror });
    const model = await toEnd(models.install(request, signal), printProgress);
    clearProgress();
    printOutcome('Installed', model, options);
  });
}

function installRequest(id: string | undefined, from: string | undefined): InstallRequest | null {
  if (from !== undefined && id === undefined) return { from: 'path', path: fromHere(from) };
  if (id !== undefined && from === undefined) return { from: 'network', id };
  return null;
}

async function runVerify(id: string, options: CommonOptions): Promise<void> {
  await withModels(options, async (models) => printOutcome('Verified', await models.verify(id), options));
}

async function runUse(id: string, options: CommonOptions): Promise<void> {
  const use = async (engine: Engine, signal: AbortSignal) => {
    const report = await toEnd(engine.modelInUse.switchTo(id, signal), printImportProgress);
    const { model } = await engine.status();
    if (options.json) printJson({ model, report: withMessages(report) });
    else printSwitch(model.name, report);
  };
  await withEngine(options, use, { fallBack: true });
}

async function runRemove(id: string, options: CommonOptions): Promise<void> {
  await withEngine(options, async (engine) => {
    await engine.modelInUse.remove(id);
    if (options.json) printJson({ removed: id });
    else process.stdout.write(`Removed ${id}\n`);
  });
}

function printOutcome(done: string, model: ModelState, options: CommonOptions): void {
  if (options.json) printJson(model);
  else process.stdout.write(`${done} ${model.name} (${model.id}), ${facts(model)}\n`);
}

const ABOUT_NUMBERS = `Best first. Times are of one photo on two cores; models/README.md has the sources.\n`;

function linesOf(model: ModelState): string {
  const mark = model.installed ? '*' : ' ';
  const use = model.inUse ? ', in use' : '';
  const expected = expectation(model);
  return [
    `${mark} ${model.id.padEnd(22)} ${model.name}, ${facts(model)}${use}`,
    `  ${' '.repeat(22)} ${model.summary}`,
    ...(expected === '' ? [] : [`  ${' '.repeat(22)} ${expected}`]),
    '',
  ].join('\n');
}

/** How fast it is, and how right by a published test. */
function expectation({ expect }: ModelState): string {
  if (!expect) return '';
  const { msOnTwoCores, tested } = expect;
  const time = `${Math.round(msOnTwoCores)} ms a photo`;
  return tested ? `${time}; ${tested.rightOf100} of 100 right in ${tested.name}, with ${tested.of}` : time;
}

/** Size, licence, whether it understands text, and the source of its hashes. */
function facts({
  kind,
  words,
  bytes,
  aboutBytes,
  bytesHere,
  licence,
  installed,
  verifiedBy,
}: ModelState): string {
  const about = aboutBytes === null ? 'size not listed' : `about ${megabytes(aboutBytes)}`;
  const size = installed ? megabytes(bytesHere) : bytes === null ? about : megabytes(bytes);
  const partly = !installed && bytesHere > 0 ? `, ${megabytes(bytesHere)} of it here` : '';
  const what = kind === 'subject' ? 'proposes crops' : words ? 'photos and words' : 'photos';
  const vouched = verifiedBy ? `, verified ${VOUCHED[verifiedBy]}` : '';
  return `${size}${partly}, ${licence}, ${what}${vouched}`;
}

let lastProgress = Date.now();

/** Prints one line on stderr: updated in place on a terminal, every few seconds elsewhere. */
function printProgress({ phase, done, total, rate, secondsLeft }: InstallProgress): void {
  const terminal = process.stderr.isTTY;
  if (!terminal && Date.now() - lastProgress < 3000) return;
  lastProgress = Date.now();
  const count =
    done === 0 && total === null
      ? ''
      : ` ${megabytes(done)}${total === null ? '' : ` of ${megabytes(total)}`}`;
  const speed = phase !== 'verifying' && rate > 0 ? `, ${megabytes(rate)} a second` : '';
  const timeLeft = phase === 'verifying' || secondsLeft === null ? '' : `, ${Math.ceil(secondsLeft)} s left`;
  const line = `${PHASES[phase]}${count}${speed}${timeLeft}`;
  process.stderr.write(terminal ? `\r\x1b[K${line}` : `${line}\n`);
}

function clearProgress(): void {
  if (process.stderr.isTTY) process.stderr.write('\r\x1b[K');
}

function toMirror(text: string): string {
  if (text !== 'none' && !modelMirror.safeParse({ url: text }).success)
    throw new InvalidArgumentError('It must be an http(s) URL, or "none".');
  return text;
}

const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(1)} MB`;
