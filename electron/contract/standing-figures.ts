import type { ComparisonCounts } from './compare.ts';

export type FigureKey = 'matched' | 'weak' | 'missing' | 'open' | 'unsure' | 'failed' | 'waiting';

/** A number of how a comparison stands. */
export interface StandingFigure {
  key: FigureKey;
  name: string;
  count: number;
  /** Empty where the name says all. */
  note: string;
}

/**
 * How a comparison stands, the same in the window and in the report. Every row is in one of the figures.
 * @param written writes the numbers of notes
 */
export function figuresOf(
  {
    decided,
    undecided,
    weak,
    failed,
    waiting,
  }: Pick<ComparisonCounts, 'decided' | 'undecided' | 'weak' | 'failed' | 'waiting'>,
  written: (count: number) => string = String,
): StandingFigure[] {
  const matched = decided.same + decided.equivalent + decided.similar;
  const figures: StandingFigure[] = [
    { key: 'matched', name: 'Matched', count: matched, note: `${written(decided.same)} the same` },
    { key: 'weak', name: 'Weak', count: weak, note: 'nothing close' },
    { key: 'missing', name: 'Missing', count: decided.none, note: 'no match' },
    { key: 'open', name: 'To decide', count: undecided - weak, note: 'something close' },
    { key: 'unsure', name: 'Unsure', count: decided.unsure, note: '' },
    { key: 'failed', name: 'Failed', count: failed, note: '' },
  ];
  if (waiting > 0) figures.push({ key: 'waiting', name: 'Not run yet', count: waiting, note: '' });
  return figures;
}
