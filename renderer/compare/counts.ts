import type { ComparisonCounts } from '../../electron/contract/compare.ts';
import { formatCounted } from '../ui/format.ts';

/** The parts of a comparison's rows, in the order in which a bar shows them. They add up to all rows. */
export const PARTS = ['matched', 'unmatched', 'undecided', 'weak', 'failed', 'waiting'] as const;
export type Part = (typeof PARTS)[number];

export function partsOf({
  decided,
  undecided,
  weak,
  failed,
  waiting,
}: ComparisonCounts): Record<Part, number> {
  return {
    matched: decided.same + decided.equivalent + decided.similar,
    unmatched: decided.none + decided.unsure,
    // Weak rows are undecided too, and shown apart.
    undecided: undecided - weak,
    weak,
    failed,
    waiting,
  };
}

export const PART_WORDS: Record<Part, string> = {
  matched: 'matched',
  unmatched: 'no match or unsure',
  undecided: 'undecided',
  weak: 'undecided and weak',
  failed: 'failed',
  waiting: 'not run yet',
};

/** How many rows are decided. */
export function decidedOf({ decided }: ComparisonCounts): number {
  return Object.values(decided).reduce((sum, each) => sum + each, 0);
}

/** "300 pictures: 212 matched, 41 undecided, 9 failed", without the parts that there are none of. */
export function countsInWords(counts: ComparisonCounts): string {
  const parts = partsOf(counts);
  const named = PARTS.filter((part) => parts[part] > 0).map((part) => `${parts[part]} ${PART_WORDS[part]}`);
  const rows = formatCounted(counts.rows, 'picture');
  return named.length === 0 ? rows : `${rows}: ${named.join(', ')}`;
}
