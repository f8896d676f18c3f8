/** The rows of a list in its order, and those that a person has still to decide. */
export interface Order {
  rows: readonly number[];
  undecided: ReadonlySet<number>;
}

/** The row at a distance in the list; null beyond its ends. A row that is not in the list is taken for its beginning. */
export function stepFrom({ rows }: Order, row: number | null, by: 1 | -1): number | null {
  const at = row === null ? -1 : rows.indexOf(row);
  if (at === -1) return rows[0] ?? null;
  return rows[at + by] ?? null;
}

/** The first undecided row after this one; beyond the end of the list it begins again at the top. Null: there is none. */
export function nextUndecided({ rows, undecided }: Order, row: number | null): number | null {
  const at = row === null ? -1 : rows.indexOf(row);
  const isOpen = (each: number) => each !== row && undecided.has(each);
  return rows.slice(at + 1).find(isOpen) ?? rows.slice(0, Math.max(at, 0)).find(isOpen) ?? null;
}

/**
 * Where a decision leads. From an undecided row: to the next undecided one, past those that failed or are decided. From a
 * decided row, which is looked through again: to the next one. Null at the end of the list.
 */
export function afterDeciding(order: Order, row: number, wasUndecided: boolean): number | null {
  if (!wasUndecided) return stepFrom(order, row, 1);
  const { rows, undecided } = order;
  return rows.slice(rows.indexOf(row) + 1).find((each) => undecided.has(each)) ?? null;
}

/** The rows that may be shown next, the likeliest first: where decisions lead, then the neighbours in the list. */
export function rowsAhead(order: Order, row: number, most: number): number[] {
  const ahead = new Set<number>();
  let next = afterDeciding(order, row, order.undecided.has(row));
  for (let n = 0; n < most && next !== null; n++) {
    ahead.add(next);
    next = afterDeciding(order, next, order.undecided.has(next));
  }
  for (const by of [1, -1] as const) {
    const neighbour = stepFrom(order, row, by);
    if (neighbour !== null) ahead.add(neighbour);
  }
  ahead.delete(row);
  return [...ahead];
}
