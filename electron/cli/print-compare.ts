import type { Comparison, ComparisonRow, MergeReport } from '../contract/compare.ts';
import { faultSentence } from './sentences.ts';

/** Names come from files and archives: their control characters would move the cursor or change the colours. */
const out = (line: string) => process.stdout.write(`${line.replaceAll(/\p{Cc}/gu, '\ufffd')}\n`);

export function printComparison(comparison: Comparison): void {
  const { id, name, competitor, counts, about, moved, faults } = comparison;
  const { same, equivalent, similar, none, unsure } = counts.decided;
  out(`"${name}"${competitor ? ` (${competitor})` : ''}, ${id}`);
  out(
    `${counts.rows} pictures: ${counts.answered} compared, ${counts.failed} failed, ${counts.waiting} not compared yet`,
  );
  out(
    `${same} same, ${equivalent} equivalent, ${similar} similar, ${none} no match, ${unsure} unsure; ${counts.undecided} undecided, ${counts.weak} of them weak`,
  );
  if (about) {
    const { snapshot, model } = about;
    out(`Compared with "${snapshot.name}" (version ${snapshot.version}) by ${model.name}`);
  }
  if (moved?.catalog)
    out(`Another catalog is live now: "${moved.catalog.name}" (version ${moved.catalog.version})`);
  if (moved?.model) out(`Another model is in use now: ${moved.model.name}`);
  for (const fault of faults) out(faultSentence(fault));
}

export function printComparisons(comparisons: readonly Comparison[]): void {
  for (const { id, name, competitor, changedAt, counts, faults } of comparisons) {
    const decided = counts.answered - counts.undecided;
    const state = faults[0]
      ? faultSentence(faults[0])
      : `${counts.rows} pictures, ${decided} decided, ${counts.failed} failed`;
    out(
      `${id}  ${changedAt.slice(0, 16).replace('T', ' ')}  ${name}${competitor ? ` (${competitor})` : ''}: ${state}`,
    );
  }
}

/** A line for each row: its decision, or the first candidate with a question mark. */
export function printRows(rows: readonly ComparisonRow[]): void {
  for (const { row, sources, fault, status, decision, candidates } of rows) {
    const file = sources[0]?.name ?? '';
    out(`${String(row).padStart(5)}  ${file}  ${said(status, fault, decision, candidates)}`);
  }
}

/** Why pictures failed: a line for each reason, with the first pictures that it is the reason of. */
export function printFailures(rows: readonly ComparisonRow[]): void {
  const reasons = new Map<string, string[]>();
  for (const { fault, sources } of rows) {
    const reason = fault ? faultSentence(fault) : 'Failed.';
    const names = sources.map(({ name }) => name);
    reasons.set(reason, [...(reasons.get(reason) ?? []), ...names]);
  }
  for (const [reason, names] of [...reasons].slice(0, MOST_REASONS)) {
    const others = names.length > NAMES_SHOWN ? ` and ${names.length - NAMES_SHOWN} more` : '';
    out(`  ${names.slice(0, NAMES_SHOWN).join(', ')}${others}: ${reason}`);
  }
  if (reasons.size > MOST_REASONS) out(`  ${reasons.size - MOST_REASONS} more reasons: see "compare show".`);
}

const MOST_REASONS = 10;
const NAMES_SHOWN = 3;

function said(
  status: ComparisonRow['status'],
  fault: ComparisonRow['fault'],
  decision: ComparisonRow['decision'],
  [first]: ComparisonRow['candidates'],
): string {
  if (fault) return `failed: ${faultSentence(fault)}`;
  if (status === 'waiting') return 'not compared yet';
  if (decision) return `${decision.match}${decision.product ? `: ${named(decision.product)}` : ''}`;
  return first ? `? ${first.band} ${first.score.toFixed(3)}: ${named(first)}` : 'no candidate';
}

const named = ({ sku, title }: { sku: string; title: string }): string => `${sku} ${title}`;

export function printExported({ path, bytes, rows }: { path: string; bytes: number; rows: number }): void {
  out(`Wrote ${path}: ${rows} rows, ${(bytes / 1e6).toFixed(1)} MB`);
}

const UNUSED = {
  line: 'the line is damaged',
  match: 'its match type is unknown',
  row: 'no picture has its address or name',
  product: 'its SKU is unknown',
  contradiction: 'another line decides the same picture otherwise',
} as const;

export function printMerged(
  { merged, conflicts, unused }: Omit<MergeReport, 'change'>,
  replaced: boolean,
): void {
  out(`${merged} decisions taken over`);
  for (const { row, line, here, there } of conflicts)
    out(
      `  line ${line}: row ${row} was ${here} here and is ${there}${here === there ? ' of another product' : ''} there${replaced ? '' : ', and stays'}`,
    );
  if (conflicts.length > 0 && !replaced) out('--replace changes them too.');
  for (const { line, reason } of unused) out(`  line ${line} was not used: ${UNUSED[reason]}`);
}

/** What comparing again has changed, by the numbers of rows. */
export function printAgain(gone: readonly number[], better: readonly number[]): void {
  const rows = (numbers: readonly number[]) =>
    numbers.length === 0
      ? 'none'
      : `${numbers.length}: rows ${numbers.slice(0, 20).join(', ')}${numbers.length > 20 ? ', …' : ''}`;
  out(`Decided products that are not in the catalog any more: ${rows(gone)}`);
  out(`Nearer first candidates than before: ${rows(better)}`);
}
