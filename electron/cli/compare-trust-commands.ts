import { type Command, InvalidArgumentError, Option } from 'commander';
import { type ComparisonRow, matchType } from '../contract/compare.ts';
import { type AcceptedAs, acceptedAs } from '../contract/compare-trust.ts';
import { LookalikeError } from '../contract/errors.ts';
import { type Band, band } from '../contract/search.ts';
import type { Engine } from '../engine/engine.ts';
import { comparisonNamed } from './compare-named.ts';
import { printAccepted, printRejectedPairs, printTrust } from './print-trust.ts';
import { ANY_MODEL, type CommonOptions, common, printJson, withEngine } from './session.ts';

const NAMED = 'its id or name';

/** The commands that decide rows, and that say what decisions are worth. */
export function addCompareTrustCommands(compare: Command): void {
  common(compare.command('decide'))
    .argument('<comparison>', NAMED)
    .argument('<row>', 'the number of a row', toRow)
    .argument('<match>', `${matchType.options.join(', ')}; "undecided" takes the decision back`, toMatch)
    .option('--product <uid>', 'the product (default: the first candidate)')
    .description('decide one row, which also checks it')
    .action(runDecide);
  common(compare.command('trust'))
    .argument('<comparison>', NAMED)
    .description(
      'say how often the first candidates of each band were right, and what bulk accepts are worth',
    )
    .action(runTrust);
  common(compare.command('accept'))
    .argument('<comparison>', NAMED)
    .argument('<band>', band.options.join(', '), toBand)
    .addOption(
      new Option('--as <match>', 'what to accept them as').choices(acceptedAs.options).default('same'),
    )
    .description('decide all undecided rows of a band by their first candidates, and draw a sample to check')
    .action(runAccept);
  common(compare.command('rejected'))
    .option('--forget', 'offer them all again')
    .description('list the pairs that are no match in any comparison')
    .action(runRejected);
}

async function runDecide(
  named: string,
  row: number,
  match: ReturnType<typeof toMatch>,
  options: CommonOptions & { product?: string },
): Promise<void> {
  await withEngine(options, async (engine) => {
    const { id } = await comparisonNamed(engine, named);
    const { rows: found } = await engine.comparisons.rows({ id, rows: [row] });
    const undecidable = undecidableRow(row, found[0]);
    if (undecidable) throw undecidable;
    const { product } = options;
    const change = await engine.comparisons.decide({ id, rows: [row], match, ...(product && { product }) });
    const { rows, counts } = change;
    if (options.json) printJson({ rows, counts });
    else process.stdout.write(`${counts.undecided} undecided\n`);
  });
}

/** Why a row cannot be decided; null where it can. */
export function undecidableRow(
  row: number,
  found: Pick<ComparisonRow, 'status' | 'sources'> | undefined,
): LookalikeError | null {
  const reason = found?.status ?? 'missing';
  if (reason === 'answered') return null;
  const item = found?.sources[0]?.name;
  return new LookalikeError(
    { code: 'COMPARISON_ROW_UNDECIDABLE', params: { row, reason } },
    item === undefined ? {} : { item },
  );
}

async function runTrust(named: string, options: CommonOptions): Promise<void> {
  const run = async (engine: Engine) => {
    const { id } = await comparisonNamed(engine, named);
    const trust = await engine.comparisons.trust(id);
    if (options.json) printJson(trust);
    else printTrust(trust);
  };
  await withEngine(options, run, ANY_MODEL);
}

async function runAccept(
  named: string,
  of: Band,
  options: CommonOptions & { as: AcceptedAs },
): Promise<void> {
  await withEngine(options, async (engine) => {
    const { id } = await comparisonNamed(engine, named);
    const { acceptance, change } = await engine.comparisons.acceptBand({ id, band: of, as: options.as });
    if (options.json) printJson({ acceptance, counts: change.counts });
    else printAccepted(acceptance);
  });
}

async function runRejected(options: CommonOptions & { forget?: true }): Promise<void> {
  await withEngine(options, async (engine) => {
    const rejected = await engine.comparisons.rejectedPairs();
    if (options.forget) {
      const pairs = rejected.map(({ picture, product }) => ({ picture, product: product.uid }));
      await engine.comparisons.forgetRejectedPairs({ pairs });
    }
    if (options.json) printJson({ rejected });
    else printRejectedPairs(rejected, options.forget ?? false);
  });
}

function toRow(text: string): number {
  const row = Number(text);
  if (!Number.isInteger(row) || row < 1) throw new InvalidArgumentError('Rows are numbered from 1.');
  return row;
}

function toMatch(text: string) {
  if (text === 'undecided') return null;
  const match = matchType.safeParse(text);
  if (!match.success) throw new InvalidArgumentError(`It must be one of ${matchType.options.join(', ')}.`);
  return match.data;
}

function toBand(text: string): Band {
  const found = band.safeParse(text);
  if (!found.success) throw new InvalidArgumentError(`It must be one of ${band.options.join(', ')}.`);
  return found.data;
}
