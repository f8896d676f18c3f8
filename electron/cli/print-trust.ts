import type { Acceptance, ComparisonTrust, MeasuredShare, RejectedPair } from '../contract/compare-trust.ts';

const out = (line: string) => process.stdout.write(`${line}\n`);

export function printTrust({ bands, acceptances }: ComparisonTrust): void {
  for (const { band, rows, undecided, unsure, right, toCheck } of bands) {
    out(`${band}: ${rows} rows, ${undecided} undecided`);
    if (right.same.of > 0) {
      out(
        `  of ${right.same.of} checked one by one, ${right.same.count} are the same: ${interval(right.same)}`,
      );
      out(`  ${right.equivalent.count} are the same or equivalent: ${interval(right.equivalent)}`);
    }
    if (unsure > 0) out(`  ${unsure} unsure, not counted`);
    if (undecided > 0 && toCheck.length === 0) out('  can be accepted in bulk');
    if (toCheck.length > 0) out(`  to check before it can be accepted in bulk: ${listed(toCheck)}`);
  }
  for (const acceptance of acceptances) printAccepted(acceptance);
}

export function printAccepted(acceptance: Acceptance | null): void {
  if (!acceptance) {
    out('No row of this band is undecided.');
    return;
  }
  const { band, as, rows, unchecked, sample, toCheck, wrong } = acceptance;
  out(`${band}: ${rows} rows accepted in bulk as ${as}, ${unchecked} of them unchecked`);
  if (wrong.of > 0)
    out(
      `  of ${wrong.of} checked in the sample of ${sample.length}, ${wrong.count} are wrong: ${interval(wrong)}`,
    );
  if (toCheck.length > 0) out(`  to check, drawn by chance: ${listed(toCheck)}`);
}

export function printRejectedPairs(pairs: readonly RejectedPair[], forgotten: boolean): void {
  for (const { name, product, at } of pairs)
    out(`${at.slice(0, 16).replace('T', ' ')}  ${name} is not ${product.sku} ${product.title}`);
  if (pairs.length === 0) out('No pair is rejected in all comparisons.');
  else if (forgotten) out('They are offered again.');
}

/** "89 to 99 % (95 % interval)" */
const interval = ({ low, high }: MeasuredShare): string =>
  `${Math.round(100 * low)} to ${Math.round(100 * high)} % (95 % interval)`;

const listed = (rows: readonly number[]): string => `row${rows.length === 1 ? '' : 's'} ${rows.join(', ')}`;
