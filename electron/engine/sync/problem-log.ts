import type { ImportProblem, ImportReport } from '../../contract/publishing.ts';

/** Of each kind: more lines than anyone reads, and few enough to be sent to the window and sorted there at once. */
const MOST_OF_A_KIND = 1000;

/** What the problems of one kind have come to. */
export interface ProblemKind {
  code: string;
  count: number;
  first: ImportProblem;
}

/** The problems of one import: the first of each kind, and how many there are of it. */
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

  /** Takes the problems of a kind out. */
  drop(code: string): void {
    this.#kinds.delete(code);
    const others = this.#listed.filter((problem) => problem.code !== code);
    this.#listed.splice(0, this.#listed.length, ...others);
  }

  /** All problems of another log, its unlisted ones as counts. */
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

  /** The commonest first. */
  kinds(): ProblemKind[] {
    return [...this.#kinds.values()].sort((a, b) => b.count - a.count);
  }

  /** As a report or a plan shows them. */
  report(): Pick<ImportReport, 'problems' | 'moreProblems'> {
    const listed = new Map<string, number>();
    for (const { code } of this.#listed) listed.set(code, (listed.get(code) ?? 0) + 1);
    const more = this.kinds()
      .map(({ code, count }) => ({ code, count: count - (listed.get(code) ?? 0) }))
      .filter(({ count }) => count > 0);
    return { problems: [...this.#listed], ...(more.length > 0 && { moreProblems: more }) };
  }
}
