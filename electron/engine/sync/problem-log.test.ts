import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { ImportProblem } from '../../contract/publishing.ts';
import { ProblemLog } from './problem-log.ts';

const CODES = { A: 'IMAGE_TOO_LARGE', B: 'IMAGE_TOO_SLOW' } as const;

const problem = (kind: keyof typeof CODES, item: number): ImportProblem => ({
  item: `${item}`,
  image: null,
  code: CODES[kind],
  params: {},
});

/** The number of problems of each kind in a report, listed or not. */
function counts(log: ProblemLog): Record<string, number> {
  const { problems, moreProblems = [] } = log.report();
  const all: Record<string, number> = Object.fromEntries(
    moreProblems.map(({ code, count }) => [code, count]),
  );
  for (const { code } of problems) all[code] = (all[code] ?? 0) + 1;
  return all;
}

test('a report lists the first thousand of a kind and counts them all, gathered in one log or in two', () => {
  const amounts = fc.record({ A: fc.nat(3000), B: fc.nat(3000) });
  fc.assert(
    fc.property(amounts, amounts, (first, second) => {
      const fill = (log: ProblemLog, { A, B }: typeof first) => {
        for (let n = 0; n < A; n++) log.add(problem('A', n));
        for (let n = 0; n < B; n++) log.add(problem('B', n));
        return log;
      };
      const log = fill(new ProblemLog(), first);
      log.addAll(fill(new ProblemLog(), second));
      const sums = { [CODES.A]: first.A + second.A, [CODES.B]: first.B + second.B };
      expect(counts(log)).toEqual(Object.fromEntries(Object.entries(sums).filter(([, count]) => count > 0)));
      expect(log.total).toBe(sums.IMAGE_TOO_LARGE + sums.IMAGE_TOO_SLOW);
      expect(log.report().problems.length).toBe(
        Math.min(1000, sums.IMAGE_TOO_LARGE) + Math.min(1000, sums.IMAGE_TOO_SLOW),
      );
      expect(log.kinds()[0]?.count ?? 0).toBe(Math.max(sums.IMAGE_TOO_LARGE, sums.IMAGE_TOO_SLOW));
    }),
    { numRuns: 20 },
  );
});
