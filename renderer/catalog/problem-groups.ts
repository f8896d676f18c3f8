import { ERROR_MESSAGES } from '../../electron/contract/errors.ts';
import type { ImportProblem } from '../../electron/contract/publishing.ts';

export interface ProblemGroup {
  code: string;
  /** What this kind of problem is, for people. */
  message: string;
  problems: ImportProblem[];
}

const MESSAGES: Record<string, string> = ERROR_MESSAGES;

/** Problems by kind, the most frequent kind first. */
export function groupProblems(problems: readonly ImportProblem[]): ProblemGroup[] {
  const groups = new Map<string, ProblemGroup>();
  for (const problem of problems) {
    const { code, message } = problem;
    const group = groups.get(code) ?? { code, message: MESSAGES[code] ?? message, problems: [] };
    group.problems.push(problem);
    groups.set(code, group);
  }
  return [...groups.values()].sort((a, b) => b.problems.length - a.problems.length);
}

/** The problems that hold a text anywhere, whatever its case. */
export function filterProblems(problems: readonly ImportProblem[], text: string): readonly ImportProblem[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return problems;
  return problems.filter(({ item, image, message }) =>
    [item, image, message].some((part) => part?.toLowerCase().includes(wanted)),
  );
}
