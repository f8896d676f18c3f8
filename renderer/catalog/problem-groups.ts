import type { FaultCode } from '../../electron/contract/faults.ts';
import type { ImportProblem, MoreProblems } from '../../electron/contract/publishing.ts';
import { faultSentence } from '../ui/sentences.ts';

export interface ProblemGroup {
  code: string;
  /** The sentence of this kind of problem. */
  message: string;
  problems: ImportProblem[];
  /** Number of further problems of this kind that the report does not list. */
  more: number;
}

/** The headings of faults whose sentences differ from item to item. */
const HEADINGS: Partial<Record<FaultCode, string>> = {
  ITEM_INVALID: 'Products, or parts of them, could not be used and were left out.',
  ITEM_DUPLICATE: 'Ids or SKUs were used before in the same feed.',
  IMAGE_UNREADABLE: 'Files could not be read as pictures.',
  IMAGE_UNSUPPORTED: 'Kinds of pictures are not supported. Save them as JPEG or PNG and try again.',
  IMAGE_MISSING: 'Pictures were not found.',
  ADDRESS_REFUSED: 'Addresses are on this machine or in its own network.',
  AUTH_REFUSED: 'Servers do not let this app in. Check the user name and password or the key.',
  ITEM_NOT_PUBLISHED: 'Products that the shop does not show were left out.',
  VALUE_UNKNOWN: 'Values that were not understood were left off.',
  CURRENCY_UNCLEAR: 'Prices do not say their currency.',
  SALE_IGNORED: 'Sale prices do not count.',
  COLUMN_UNUSED: 'Columns are not used.',
  IMAGE_BASE_MISSING: 'The web address of the pictures is missing.',
};

/**
 * Groups problems by kind, the most frequent kind first.
 * @param more problems that the report only counts
 */
export function groupProblems(problems: readonly ImportProblem[], more: MoreProblems = []): ProblemGroup[] {
  const groups = new Map<string, ProblemGroup>();
  for (const problem of problems) {
    const { code } = problem;
    const message = HEADINGS[code] ?? faultSentence(problem);
    const unlisted = more.find((kind) => kind.code === code)?.count ?? 0;
    const group = groups.get(code) ?? { code, message, problems: [], more: unlisted };
    group.problems.push(problem);
    groups.set(code, group);
  }
  return [...groups.values()].sort((a, b) => b.problems.length + b.more - a.problems.length - a.more);
}

/** The problems that contain a text anywhere, ignoring case. */
export function filterProblems(problems: readonly ImportProblem[], text: string): readonly ImportProblem[] {
  const wanted = text.trim().toLowerCase();
  if (wanted === '') return problems;
  return problems.filter((problem) =>
    [problem.item, problem.image, faultSentence(problem)].some((part) =>
      part?.toLowerCase().includes(wanted),
    ),
  );
}

/** The number of all problems of a report or a plan, listed or not. */
export function countProblems({
  problems,
  moreProblems = [],
}: {
  problems: readonly ImportProblem[];
  moreProblems?: MoreProblems | undefined;
}): number {
  return moreProblems.reduce((sum, { count }) => sum + count, problems.length);
}
