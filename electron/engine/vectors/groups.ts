/**
 * Members sorted by group: group `g` has the members from `members[starts[g]]` up to but not including `members[starts[g +
 * 1]]`.
 */
export interface Groups {
  starts: Uint32Array;
  members: Uint32Array;
}

/**
 * Sorts numbers by group (a counting sort, so the members of a group keep their order).
 * @param of the group of each number
 * @param count number of groups
 * @param order the numbers to sort, each once; default: all numbers that `of` has a group for
 */
export function groupBy(of: Uint32Array, count: number, order?: Uint32Array): Groups {
  const length = order?.length ?? of.length;
  const starts = new Uint32Array(count + 1);
  for (let i = 0; i < length; i++) {
    const group = of[order?.[i] ?? i] ?? 0;
    starts[group + 1] = (starts[group + 1] ?? 0) + 1;
  }
  for (let i = 1; i <= count; i++) starts[i] = (starts[i] ?? 0) + (starts[i - 1] ?? 0);
  const next = starts.slice();
  const members = new Uint32Array(length);
  for (let i = 0; i < length; i++) {
    const member = order?.[i] ?? i;
    const group = of[member] ?? 0;
    const at = next[group] ?? 0;
    members[at] = member;
    next[group] = at + 1;
  }
  return { starts, members };
}

/** The members of one group, as a view. */
export function membersOf({ starts, members }: Groups, group: number): Uint32Array {
  return members.subarray(starts[group], starts[group + 1]);
}
