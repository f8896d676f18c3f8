import { extname } from 'node:path';
import { type Command, InvalidArgumentError, Option } from 'commander';
import {
  type Comparison,
  type ComparisonRow,
  currencyCode,
  type ExportFormat,
  exportFormat,
  type RowChange,
} from '../contract/compare.ts';
import { LookalikeError } from '../contract/errors.ts';
import type { Engine } from '../engine/engine.ts';
import { comparisonNamed } from './compare-named.ts';
import { addCompareTrustCommands } from './compare-trust-commands.ts';
import { clearProgress, printProgress } from './print.ts';
import {
  printAgain,
  printComparison,
  printComparisons,
  printExported,
  printFailures,
  printMerged,
  printRows,
} from './print-compare.ts';
import { printTells } from './print-tells.ts';
import { ANY_MODEL, type CommonOptions, common, fromHere, printJson, toEnd, withEngine } from './session.ts';

interface RunOptions extends CommonOptions {
  out?: Output;
  name?: string;
  competitor?: string;
  currency?: string;
  failed?: true;
  anew?: true;
}

interface Output {
  path: string;
  format: ExportFormat;
}

/** The commands that compare a pile of pictures with the catalog. */
export function addCompareCommands(program: Command): void {
  const compare = program.command('compare').description('compare a pile of pictures with the catalog');
  common(compare.command('run', { isDefault: true }))
    .argument('<sources...>', 'folders, ZIP archives, CSV tables of addresses or files, and pictures')
    .option('--out <file>', 'write the result: .csv, .xlsx, .json or .html', toOutput)
    .option('--name <name>', 'the name of the comparison (default: that of the first source)')
    .option('--competitor <name>', 'whose pictures they are')
    .option('--currency <code>', 'the currency of prices without one, as EUR', toCurrency)
    .option('--failed', 'try rows that failed again')
    .option('--anew', 'begin a new comparison, even if one of the same sources is not finished')
    .description('compare pictures; stopped or killed, the same command goes on')
    .action(runCompare);
  common(compare.command('list')).description('list the comparisons').action(runList);
  common(compare.command('show'))
    .argument('<comparison>', 'its id or name')
    .description('show what a comparison tells, and its rows')
    .action(runShow);
  common(compare.command('export'))
    .argument('<comparison>', 'its id or name')
    .requiredOption('--out <file>', 'the file to write: .csv, .xlsx, .json or .html', toOutput)
    .addOption(
      new Option('--format <format>', 'default: as the file is called').choices(exportFormat.options),
    )
    .description('write a comparison to a file')
    .action(runExport);
  common(compare.command('again'))
    .argument('<comparison>', 'its id or name')
    .description('compare its pictures with the catalog and the model of today; decisions stay')
    .action(runAgain);
  common(compare.command('merge'))
    .argument('<comparison>', 'its id or name')
    .argument('<csv>', 'decisions with the columns sku, url and match_type, or a table that "export" wrote')
    .option('--replace', 'change rows that are decided otherwise too')
    .description('take over decisions that were made elsewhere')
    .action(runMerge);
  addCompareTrustCommands(compare);
}

async function runAgain(named: string, options: CommonOptions): Promise<void> {
  await withEngine(options, async (engine, signal) => {
    const { id, name } = await comparisonNamed(engine, named);
    signal.addEventListener('abort', () => void engine.comparisons.stop(id), { once: true });
    await engine.comparisons.run({ id, failed: false, again: true });
    const { comparison, ended } = await atItsEnd(engine, { id, name });
    if (ended) throw new LookalikeError(ended, { item: name });
    const changed = async (how: RowChange) =>
      (await engine.comparisons.order({ id, filters: { changed: [how] }, sort: 'row' })).rows;
    const [gone, better] = [await changed('gone'), await changed('better')];
    if (options.json) printJson({ comparison, gone, better });
    else {
      printComparison(comparison);
      printAgain(gone, better);
    }
  });
}

async function runMerge(
  named: string,
  table: string,
  options: CommonOptions & { replace?: true },
): Promise<void> {
  await withEngine(options, async (engine, signal) => {
    const { id } = await comparisonNamed(engine, named);
    const request = { id, path: fromHere(table), replace: options.replace ?? false };
    const { change: _, ...report } = await engine.comparisons.merge(request, signal);
    if (options.json) printJson(report);
    else printMerged(report, request.replace);
  });
}

async function runCompare(sources: string[], options: RunOptions): Promise<void> {
  await withEngine(options, async (engine, signal) => {
    const { id, name } = await toRun(engine, sources.map(fromHere), options);
    if (options.currency !== undefined)
      await engine.comparisons.namePriceCurrency({ id, currency: options.currency });
    signal.addEventListener('abort', () => void engine.comparisons.stop(id), { once: true });
    await engine.comparisons.run({ id, failed: options.failed ?? false, again: false });
    if (signal.aborted) await engine.comparisons.stop(id);
    const { comparison, ended } = await atItsEnd(engine, { id, name });
    // A run that ended early is written too: what was compared is there.
    const written = options.out && comparison.counts.rows > 0 ? await write(engine, id, options.out) : null;
    // Of a source that cannot be used nothing was begun.
    if (ended && comparison.counts.rows === 0) await engine.comparisons.remove(id);
    if (ended) throw new LookalikeError(ended, { item: name });
    if (options.json) printJson({ comparison, ...(written && { written }) });
    else {
      printComparison(comparison);
      if (comparison.counts.failed > 0) printFailures(await failedRows(engine, id));
      if (written) printExported(written);
    }
  });
}

async function failedRows(engine: Engine, id: string): Promise<ComparisonRow[]> {
  const { rows } = await engine.comparisons.order({ id, filters: { status: ['failed'] }, sort: 'row' });
  return (await engine.comparisons.rows({ id, rows })).rows;
}

/** The comparison of the same sources that is not finished, or else a new one. */
async function toRun(engine: Engine, paths: string[], options: RunOptions): Promise<Comparison> {
  const unfinished = options.anew
    ? null
    : await engine.comparisons.unfinishedOf(paths, { failed: options.failed ?? false });
  if (unfinished) {
    const { name, counts } = unfinished;
    const compared = counts.rows - counts.waiting;
    process.stderr.write(`Going on with "${name}": ${compared} of ${counts.rows} pictures are compared.\n`);
    return unfinished;
  }
  const { name, competitor = null } = options;
  return engine.comparisons.create({
    ...(name !== undefined && { name }),
    competitor,
    paths,
    pictures: [],
  });
}

/** Shows the progress until the run has ended. */
async function atItsEnd(engine: Engine, { id, name }: Pick<Comparison, 'id' | 'name'>) {
  try {
    await shownUntilEnd(engine, id);
    return await engine.comparisons.state(id);
  } catch (error) {
    if (!(error instanceof LookalikeError && error.code === 'COMPARISON_UNKNOWN')) throw error;
    // Its id, which the error names, says nothing to whoever has just named the sources.
    throw new LookalikeError(error.fault, { item: name, cause: error });
  }
}

async function shownUntilEnd(engine: Engine, id: string): Promise<void> {
  let hasEnded = false;
  const end = engine.comparisons.ended(id).then(() => {
    hasEnded = true;
  });
  while (!hasEnded) {
    const { progress } = await engine.comparisons.state(id);
    if (progress)
      printProgress({ ...progress, phase: progress.phase === 'waiting' ? 'queued' : progress.phase });
    let timer: NodeJS.Timeout | undefined;
    const tick = new Promise((resolve) => {
      timer = setTimeout(resolve, 250);
    });
    await Promise.race([end, tick]);
    clearTimeout(timer);
  }
  clearProgress();
}

async function runList(options: CommonOptions): Promise<void> {
  const list = async (engine: Engine) => {
    const comparisons = await engine.comparisons.list();
    if (options.json) printJson({ comparisons });
    else printComparisons(comparisons);
  };
  await withEngine(options, list, ANY_MODEL);
}

async function runShow(named: string, options: CommonOptions): Promise<void> {
  const show = async (engine: Engine) => {
    const { id } = await comparisonNamed(engine, named);
    const { comparison } = await engine.comparisons.state(id);
    const { rows: numbers } = await engine.comparisons.order({ id, filters: {}, sort: 'row' });
    const { rows } = await engine.comparisons.rows({ id, rows: numbers });
    const overview = await engine.comparisons.overview(id);
    const piling = engine.comparisons.piles(id);
    const { piles } = await toEnd(piling, (step) => printProgress({ ...step, phase: 'piling' }));
    clearProgress();
    if (options.json) printJson({ comparison, overview, piles, rows });
    else {
      printComparison(comparison);
      printTells(overview, { piles });
      printRows(rows);
    }
  };
  await withEngine(options, show, ANY_MODEL);
}

async function runExport(
  named: string,
  options: CommonOptions & { out: Output; format?: ExportFormat },
): Promise<void> {
  const write_ = async (engine: Engine) => {
    const { id } = await comparisonNamed(engine, named);
    const { path, format } = options.out;
    const written = await write(engine, id, { path, format: options.format ?? format });
    if (options.json) printJson({ written });
    else printExported(written);
  };
  await withEngine(options, write_, ANY_MODEL);
}

function write(engine: Engine, id: string, { path, format }: Output) {
  return engine.comparisons.export({ id, path, format, filters: {} });
}

function toOutput(text: string): Output {
  const path = fromHere(text);
  const format = exportFormat.safeParse(extname(path).slice(1).toLowerCase());
  if (!format.success) throw new InvalidArgumentError('Its name must end in .csv, .xlsx, .json or .html.');
  return { path, format: format.data };
}

function toCurrency(text: string): string {
  const code = currencyCode.safeParse(text.toUpperCase());
  if (!code.success) throw new InvalidArgumentError('A currency is three letters, such as EUR.');
  return code.data;
}
