/** Which rows belong together: group `g` has `rows[starts[g]]` up to but not `rows[starts[g + 1]]`. */
export interface Groups {
  starts: Uint32Array;
  rows: Uint32Array;
  /** Each row's group. A row of no group has the number that follows the last group's. */
  of: Uint32Array;
}

/**
 * Each group's rows, in their order.
 * @param of each row's group
 * @param count of groups
 * @param order the rows that have a group; default: all rows
 */
export function groupRows(of: Uint32Array, count: number, order?: Uint32Array): Groups {
  const length = order?.length ?? of.length;
  const starts = new Uint32Array(count + 1);
  for (let i = 0; i < length; i++) {
    const group = of[order?.[i] ?? i] ?? 0;
    starts[group + 1] = (starts[group + 1] ?? 0) + 1;
  }
  for (let i = 1; i <= count; i++) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
  const next = starts.slice();
  const rows = new Uint32Array(length);
  for (let i = 0; i < length; i++) {
    const row = order?.[i] ?? i;
    const group = of[row] ?? 0;
    const at = next[group] ?? 0;
    rows[at] = row;
    next[group] = at + 1;
  }
  return { starts, rows, of };
}

/** More groups are remembered than are wanted, so that they are seldom sorted. */
const REMEMBERED = 4;

/** How near to a query groups are at least, as far as their rows have been looked at: of the nearest groups only. */
export class GroupBounds {
  /** Not a number: the group does not count. -Infinity: nothing is remembered of it. */
  #least = new Float32Array();
  #remembered = new Uint32Array();
  #count = 0;
  #wanted = 0;
  #floor = Number.NEGATIVE_INFINITY;

  /** For a new query: the `wanted` nearest of the selected groups. */
  begin({ starts }: Groups, selected: Uint32Array, wanted: number): void {
    const count = starts.length - 1;
    // Used again by each query: to get a fresh megabyte takes longer than to fill it.
    if (this.#least.length !== count + 1) this.#least = new Float32Array(count + 1);
    this.#least.fill(selected.length === count ? Number.NEGATIVE_INFINITY : Number.NaN);
    if (selected.length < count) for (const group of selected) this.#least[group] = Number.NEGATIVE_INFINITY;
    // Rows of no group.
    this.#least[count] = Number.NaN;
    if (this.#remembered.length < wanted * REMEMBERED)
      this.#remembered = new Uint32Array(wanted * REMEMBERED);
    [this.#count, this.#wanted, this.#floor] = [0, wanted, Number.NEGATIVE_INFINITY];
  }

  counts(group: number): boolean {
    return !Number.isNaN(this.#least[group]);
  }

  /** The group counts no longer. */
  leaveOut(group: number): void {
    this.#least[group] = Number.NaN;
  }

  /** As many groups as are wanted are known to be this near; what is not above it need not be told. */
  get floor(): number {
    return this.#floor;
  }

  /** One of the group's rows is at least this near. */
  raise(group: number, least: number): void {
    const before = this.#least[group] ?? 0;
    // Never so for a group that does not count.
    if (!(least > before)) return;
    this.#least[group] = least;
    if (before !== Number.NEGATIVE_INFINITY) return;
    this.#remembered[this.#count++] = group;
    if (this.#count === this.#wanted * REMEMBERED) this.raiseFloor();
  }

  /** Brings the floor up to date, and forgets the groups below it. */
  raiseFloor(): number {
    if (this.#count < this.#wanted) return this.#floor;
    const groups = this.#remembered.slice(0, this.#count);
    const values = Float32Array.from(groups, (group) => this.#least[group] ?? 0).sort();
    this.#floor = values[values.length - this.#wanted] ?? this.#floor;
    this.#count = 0;
    for (const group of groups) {
      if ((this.#least[group] ?? 0) >= this.#floor && this.#count < this.#wanted)
        this.#remembered[this.#count++] = group;
      else this.#least[group] = Number.NEGATIVE_INFINITY;
    }
    return this.#floor;
  }
}
