import { createStore, del, get, set } from 'idb-keyval';
import { z } from 'zod';
import { comparisonFilters, comparisonId, rowNumber } from '../../electron/contract/compare.ts';

export const SORTS = ['row', 'leastSure', 'surest', 'name'] as const;
export type Sort = (typeof SORTS)[number];

/** Where a person is in a document. */
export const place = z.object({
  view: z.enum(['overview', 'table', 'focus']),
  /** The row in focus. */
  row: rowNumber.nullable(),
  filters: comparisonFilters,
  sort: z.enum(SORTS),
});
export type Place = z.infer<typeof place>;

/** IndexedDB, because local storage is written seconds later and would be lost with a killed app. */
const database = createStore('lookalike-comparisons', 'places');
const OPEN = 'open';

/** The place in a document as it was kept; null for a document that was not opened on this machine. */
export async function keptPlace(id: string): Promise<Place | null> {
  return place.safeParse(await get(`place:${id}`, database)).data ?? null;
}

export async function keepPlace(id: string, now: Place): Promise<void> {
  await set(`place:${id}`, now, database);
}

/** The document that was open last; null when it was the list. */
export async function keptOpen(): Promise<string | null> {
  return comparisonId.safeParse(await get(OPEN, database)).data ?? null;
}

export async function keepOpen(id: string | null): Promise<void> {
  await (id === null ? del(OPEN, database) : set(OPEN, id, database));
}
