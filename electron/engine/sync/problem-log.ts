import type { ImportProblem, ImportReport } from '../../contract/publishing.ts';

/**
 * Listed problems of each kind: more lines than anyone reads, and few enough to be sent to the window and sorted there at
 * once.
 */
const MOST_OF_A_KIND = 1000;

/** Problems of one kind. */
export interface ProblemKind {
  code: string;
  count: number;
  first: ImportProblem;
}

/** The problems of one import: the first of each kind, and the number of each kind. */
export class ProblemLog {
  readonly #listed: ImportProblem[] = [];
  readonly #kinds = new Map<string, ProblemKind>();

  add(problem: ImportProblem): void {
    const { code } = problem;
    const kind = this.#kinds.get(code) ?? { code, count: 0, first: problem };
    kind.count++;
    this.#kinds.set(code, kind);
    if (kind.count <= MOST_OF_A_KIND) this.#listed.push(problem);
  }

  /** Removes the problems of a kind. */
  drop(code: string): void {
    this.#kinds.delete(code);
    const others = this.#listed.filter((problem) => problem.code !== code);
    this.#listed.splice(0, this.#listed.length, ...others);
  }

  /** Adds all problems of another log; those that it does not list are added to the counts. */
  addAll(other: ProblemLog): void {
    for (const problem of other.#listed) this.add(problem);
    for (const { code, count } of other.#kinds.values()) {
      const kind = this.#kinds.get(code);
      if (kind) kind.count += Math.max(0, count - MOST_OF_A_KIND);
    }
  }

  get total(): number {
    let total = 0;
    for (const { count } of this.#kinds.values()) total += count;
    return total;
  }

  /** The kinds, the most frequent first. */
  kinds(): ProblemKind[] {
    return [...this.#kinds.values()].sort((a, b) => b.count - a.count);
  }

  /** The problems in the form of a report or a plan. */
  report(): Pick<ImportReport, 'problems' | 'moreProblems'> {
    const listed = new Map<string, number>();
    for (const { code } of this.#listed) listed.set(code, (listed.get(code) ?? 0) + 1);
    const more = this.kinds()
      .map(({ code, count }) => ({ code, count: count - (listed.get(code) ?? 0) }))
      .filter(({ count }) => count > 0);
    return { problems: [...this.#listed], ...(more.length > 0 && { moreProblems: more }) };
  }
}
