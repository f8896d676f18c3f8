import type { Acceptance, BandTrust, MeasuredShare } from '../../electron/contract/compare-trust.ts';
import { PICTURE_BANDS } from '../../electron/contract/match-names.ts';
import { formatCount } from '../ui/format.ts';

const whole = (share: number): number => Math.round(share * 100);

/** "89 to 99 %" */
export function rangeWords({ low, high }: Pick<MeasuredShare, 'low' | 'high'>): string {
  const [from, to] = [whole(low), whole(high)];
  return from === to ? `${to} %` : `${from} to ${to} %`;
}

/** A band as it is named within a sentence. */
export const bandName = (band: BandTrust['band']): string => `“${PICTURE_BANDS[band].toLowerCase()}”`;

/** "Of 60 you checked in “looks the same”, 58 were right (89 to 99 %)." */
export function checkedWords({ band, right }: Pick<BandTrust, 'band' | 'right'>): string {
  const { count, of } = right.same;
  if (of === 0) return `You have not checked any of ${bandName(band)} yet.`;
  const were = count === 1 ? 'was' : 'were';
  return `Of ${formatCount(of)} you checked in ${bandName(band)}, ${formatCount(count)} ${were} right (${rangeWords(right.same)}).`;
}

/** How many of some rows are likely wrong: "1 to 8 of them". @param right the share that is right */
export function wrongOf(rows: number, { low, high }: Pick<MeasuredShare, 'low' | 'high'>): string {
  const [fewest, most] = [Math.round(rows * (1 - high)), Math.round(rows * (1 - low))];
  if (most === 0) return 'none of them is likely wrong';
  if (fewest === most) return `about ${formatCount(most)} of them ${most === 1 ? 'is' : 'are'} likely wrong`;
  return `${fewest === 0 ? 'up' : formatCount(fewest)} to ${formatCount(most)} of them are likely wrong`;
}

/** Whether all that was accepted is checked, so that nothing is estimated. */
const isWhole = ({
  sample,
  toCheck,
  unsure,
  rows,
}: Pick<Acceptance, 'sample' | 'toCheck' | 'unsure' | 'rows'>) =>
  sample.length === rows && toCheck.length === 0 && unsure === 0;

/** How far the check of a sample is, and what it says: "12 of 30 checked, 1 wrong: 1 to 26 % of all 71". */
export function sampleWords({ sample, toCheck, wrong, rows, unsure }: Acceptance): string {
  const done = sample.length - toCheck.length;
  const checked = `${formatCount(done)} of ${formatCount(sample.length)} checked`;
  const unsureWords = unsure > 0 ? `, ${formatCount(unsure)} unsure` : '';
  if (wrong.of === 0) return `${checked}${unsureWords}`;
  if (isWhole({ sample, toCheck, unsure, rows }))
    return `all ${formatCount(rows)} checked, ${formatCount(wrong.count)} ${wrong.count === 1 ? 'was' : 'were'} wrong`;
  return `${checked}${unsureWords}, ${formatCount(wrong.count)} wrong: ${rangeWords(wrong)} of all ${formatCount(rows)}`;
}

/** What is likely wrong among all that was accepted in bulk, for the head of a document; null where nothing was. */
export function estimateWords(acceptances: readonly Acceptance[]): string | null {
  const rows = acceptances.reduce((sum, each) => sum + each.rows, 0);
  if (rows === 0) return null;
  const bulk = `${formatCount(rows)} in bulk`;
  const open = acceptances.reduce((sum, each) => sum + each.toCheck.length, 0);
  if (acceptances.some(({ wrong }) => wrong.of === 0)) return `${bulk}, ${formatCount(open)} to check`;
  const share = (end: 'low' | 'high') =>
    acceptances.reduce(
      (sum, each) => sum + (isWhole(each) ? each.wrong.count : each.rows * each.wrong[end]),
      0,
    ) / rows;
  const range = rangeWords({ low: share('low'), high: share('high') });
  return `${bulk}, ${range} wrong${open > 0 ? ` · ${formatCount(open)} to check` : ''}`;
}
