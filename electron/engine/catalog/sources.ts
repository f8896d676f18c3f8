// What a snapshot has of each source, and which of its rows are whose.
import type { Snapshot, SnapshotSource } from '../../contract/catalog.ts';
import { uidOf, uidOfKey } from './product-ids.ts';
import { isSameRow, type StagedRow } from './rows.ts';
import type { ImageRow } from './schema.ts';

/** A source whose products an import brings. */
export type BroughtSource = Pick<SnapshotSource, 'id' | 'name' | 'ref' | 'sample'>;

/** Which products an import may change. */
export interface Ownership {
  /** Products of these sources; those of all others are left as they are published. */
  ids: ReadonlySet<string>;
  /** The source that takes over the products of no source; null when none does. */
  adopter: string | null;
}

/**
 * What the sync of a source owns: its own products, and those that the same feed has brought without a source, if these
 * are published.
 * @param id of the saved source; empty for none
 */
export function ownershipOf(id: string, ref: string, live: Snapshot | null): Ownership {
  const adopts = id !== '' && sourcesOf(live).some((source) => source.id === '' && source.ref === ref);
  return { ids: new Set(adopts ? [id, ''] : [id]), adopter: adopts ? id : null };
}

/**
 * The rows of the sources that are owned. Those that are taken over are under the keys that they will have.
 * @param own null owns everything
 */
export function ownRows(rows: Rows, own: Ownership | null): Rows {
  if (!own) return rows;
  const owned = [...rows.values()].flatMap((row): [string, StagedRow][] => {
    const source = sourceOfRow(row);
    if (!own.ids.has(source)) return [];
    if (source !== '' || own.adopter === null) return [[row.key, row]];
    const key = adoptedKey(row.key, own.adopter);
    return [[key, { ...row, key }]];
  });
  return new Map(owned);
}

/** The key of a row of no source once a source has taken it over. */
const adoptedKey = (key: string, adopter: string): string => uidOf(adopter, key);

/** A row of no source as the row of a source. */
export function adopted(row: ImageRow, adopter: string): ImageRow {
  const rename = (name: string) => uidOf(adopter, name);
  return {
    ...row,
    source: adopter,
    uid: rename(row.uid),
    styleId: rename(row.styleId),
    key: adoptedKey(row.key, adopter),
  };
}

type Rows = ReadonlyMap<string, StagedRow>;

/** The id of the source that a row is of: what stands before the product's id in its uid. */
export function sourceOfRow({ key, productId }: Pick<StagedRow, 'key' | 'productId'>): string {
  const uid = uidOfKey(key);
  return uid === productId ? '' : uid.slice(0, -productId.length - 1);
}

/** The sample catalog's feed, as snapshots name it that do not list their sources. */
const SAMPLE_FEED = /[\\/]sample-catalog[\\/][^\\/]+$/;

/** The sources of a snapshot. One of before there were several has all its products from an import without a source. */
export function sourcesOf(snapshot: Snapshot | null): SnapshotSource[] {
  if (!snapshot) return [];
  const { name, source: ref, products, images, version, sources } = snapshot;
  return sources ?? [{ id: '', name, ref, sample: SAMPLE_FEED.test(ref), products, images, version }];
}

/**
 * The sources of a snapshot about to be published, by id.
 * @param rows what it has
 * @param before the live snapshot, and its rows
 * @param brought the sources that the import brings; the others keep what is said of them
 * @param next its version
 */
export function nextSources(
  rows: Rows,
  before: { snapshot: Snapshot | null; rows: Rows },
  brought: readonly BroughtSource[],
  next: number,
): SnapshotSource[] {
  const known = new Map(sourcesOf(before.snapshot).map((source) => [source.id, source]));
  const changed = changedSources(rows, before.rows);
  const counts = new Map<string, { uids: Set<string>; images: number }>();
  for (const row of rows.values()) {
    const id = sourceOfRow(row);
    const count = counts.get(id) ?? { uids: new Set(), images: 0 };
    count.uids.add(uidOfKey(row.key));
    count.images++;
    counts.set(id, count);
  }
  return [...counts]
    .map(([id, { uids, images }]): SnapshotSource => {
      const own = brought.find((source) => source.id === id);
      const kept = known.get(id) ?? { id, name: id, ref: '', sample: false, version: next };
      const isNew = own !== undefined || changed.has(id);
      const version = isNew ? next : kept.version;
      return { ...kept, ...own, id, products: uids.size, images, version };
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

function changedSources(rows: Rows, before: Rows): Set<string> {
  const changed = new Set<string>();
  for (const row of rows.values()) if (!isSameRow(before.get(row.key), row)) changed.add(sourceOfRow(row));
  for (const row of before.values()) if (!rows.has(row.key)) changed.add(sourceOfRow(row));
  return changed;
}
