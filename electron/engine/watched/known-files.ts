import type { Stats } from 'node:fs';

/** A file as it lies there: another content has another size or time, and a renamed file keeps all three. */
export type Mark = string;

export const markOf = ({ ino, size, mtimeMs }: Pick<Stats, 'ino' | 'size' | 'mtimeMs'>): Mark =>
  `${ino} ${size} ${mtimeMs}`;

/** Marks of files that are gone are forgotten, oldest first, beyond so many. */
const MOST_MARKS = 200_000;

/** The files that were in the folder before. */
export class KnownFiles {
  /** By name. */
  readonly #files = new Map<string, Mark>();
  readonly #marks = new Set<Mark>();

  add(name: string, mark: Mark): void {
    this.#files.set(name, mark);
    this.#marks.add(mark);
    if (this.#marks.size <= MOST_MARKS) return;
    const [oldest] = this.#marks;
    if (oldest !== undefined) this.#marks.delete(oldest);
  }

  /** Whether the file is one of them, under this name or another that it had. */
  has(mark: Mark): boolean {
    return this.#marks.has(mark);
  }

  hasName(name: string): boolean {
    return this.#files.has(name);
  }

  /** Forgets the names that are there no more. Their marks stay: they may come back under other names. */
  keepOnly(names: ReadonlySet<string>): void {
    for (const name of this.#files.keys()) if (!names.has(name)) this.#files.delete(name);
  }
}
