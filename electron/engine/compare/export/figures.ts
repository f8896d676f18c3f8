import { type ComparisonRow, matchType } from '../../../contract/compare.ts';
import type { ComparisonTrust, MeasuredShare } from '../../../contract/compare-trust.ts';
import { MATCH_NAMES, PICTURE_BANDS } from '../../../contract/match-names.ts';

/** How the rows of a report stand. */
export interface Standing {
  decided: { same: number; equivalent: number; similar: number; none: number; unsure: number };
  /** Compared and not decided; of them those without a close first candidate. */
  undecided: number;
  weak: number;
  failed: number;
  waiting: number;
  /** Of the decided ones. */
  inBulk: number;
  /** Of the decided ones: taken over from a table, which are not `inBulk`. */
  merged: number;
  /** Of the decided ones: the product has left the catalog that they were last compared with. */
  gone: number;
}

export function standingOf(rows: readonly ComparisonRow[]): Standing {
  const decided = { same: 0, equivalent: 0, similar: 0, none: 0, unsure: 0 };
  const standing = { decided, undecided: 0, weak: 0, failed: 0, waiting: 0, inBulk: 0, merged: 0, gone: 0 };
  for (const { decision, status, candidates, changed } of rows) {
    if (decision) {
      if (changed === 'gone') standing.gone++;
      decided[decision.match]++;
      if (decision.merged) standing.merged++;
      else if (decision.inBulk) standing.inBulk++;
    } else if (status === 'failed' || status === 'waiting') standing[status]++;
    else {
      standing.undecided++;
      if (!/^(?:same|close)$/.test(candidates[0]?.band ?? '')) standing.weak++;
    }
  }
  return standing;
}

/** Of a decided product after the pictures were compared again. */
export const GONE = 'Our product is no longer in the catalog';

/** The standing in words, a line each. */
export function standingLines({
  decided,
  undecided,
  weak,
  failed,
  waiting,
  gone,
}: Standing): (readonly [string, number])[] {
  return [
    ...matchType.options.map((match) => [MATCH_NAMES[match], decided[match]] as const),
    ['Not decided, close candidate', undecided - weak],
    ['Not decided, weak or no candidate', weak],
    ['Could not be read', failed],
    ['Not compared yet', waiting],
    ...(gone > 0 ? ([[`${GONE}, of those decided`, gone]] as const) : []),
  ];
}

/** What was measured of first candidates and of bands that were accepted in bulk: a label and a share each. */
export function trustLines({
  bands,
  acceptances,
}: ComparisonTrust): { label: string; share: MeasuredShare }[] {
  const measured = bands.filter(({ right }) => right.same.of > 0);
  return [
    ...measured.flatMap(({ band, right }) => [
      {
        label: `${PICTURE_BANDS[band]}: first candidate is the same, of those checked one by one`,
        share: right.same,
      },
      { label: `${PICTURE_BANDS[band]}: the same or equivalent`, share: right.equivalent },
    ]),
    ...acceptances.map(({ band, as, rows, sample, unchecked, wrong }) => ({
      label: `${PICTURE_BANDS[band]}: ${rows} accepted in bulk as ${as}, ${unchecked} of them unchecked. Wrong in the sample of ${sample.length}`,
      share: wrong,
    })),
  ];
}

/** "89 to 99 %" */
export const intervalOf = ({ low, high }: MeasuredShare): string =>
  `${Math.round(100 * low)} to ${Math.round(100 * high)} %`;
