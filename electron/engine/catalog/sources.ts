// Which rows of a snapshot belong to which source.
import type { Snapshot, SnapshotSource } from '../../contract/catalog.ts';
import { styleIdOf, uidOf, uidOfKey } from './product-ids.ts';
import { isSameRow, type StagedRow } from './rows.ts';
import type { ImageRow } from './schema.ts';

/** A source whose products an import brings. */
export type BroughtSource = Pick<SnapshotSource, 'id' | 'name' | 'ref' | 'sample'>;

/** The products that an import may change. */
export interface Ownership {
  /** Products of these sources. Those of all other sources stay as they are published. */
  ids: ReadonlySet<string>;
  /** The source that takes over products without a source; null when none does. */
  adopter: string | null;
}

/**
 * What the sync of a source owns: its own products, and published products that the same feed has brought without a source.
 * @param id of the saved source; empty for none
 */
export function ownershipOf(id: string, ref: string, live: Snapshot | null): Ownership {
  const adopts = id !== '' && sourcesOf(live).some((source) => source.id === '' && source.ref === ref);
  return { ids: new Set(adopts ? [id, ''] : [id]), adopter: adopts ? id : null };
}

/**
 * The rows of the owned sources. Rows that are taken over have the keys that they will have.
 * @param own null owns everything
 */
export function ownRows(rows: Rows, own: Ownership | null): Rows {
  if (!own) return rows;
  const owned = [...rows.values()].flatMap((row): [string, StagedRow][] => {
    const source = sourceOfRow(row);
    if (!own.ids.has(source)) return [];
    if (source !== '' || own.adopter === null) return [[row.key, row]];
    const key = adoptedKey(row, own.adopter);
    return [[key, { ...row, key }]];
  });
  return new Map(owned);
}

/** The key of a row without a source once a source has taken it over. */
const adoptedKey = ({ key, productId }: Pick<StagedRow, 'key' | 'productId'>, adopter: string): string =>
  uidOf(adopter, productId) + key.slice(uidOfKey(key).length);

/** Assigns a row without a source to a source. */
export function adopted(row: ImageRow, adopter: string): ImageRow {
  const renamed = {
    ...row,
    source: adopter,
    uid: uidOf(adopter, row.productId),
    key: adoptedKey(row, adopter),
  };
  return { ...renamed, styleId: styleIdOf(renamed) };
}

type Rows = ReadonlyMap<string, StagedRow>;

/** The id of a row's source: the part of the uid before the product's id. */
export function sourceOfRow({ key, productId }: Pick<StagedRow, 'key' | 'productId'>): string {
  const uid = uidOfKey(key);
  return uid === productId ? '' : uid.slice(0, -productId.length - 1);
}

/** The sample catalog's feed, in snapshots that do not list their sources. */
const SAMPLE_FEED = /[\\/]sample-catalog[\\/][^\\/]+$/;

/**
 * The sources of a snapshot. An older snapshot, without a list of sources, has all products from an import without a source.
 */
export function sourcesOf(snapshot: Snapshot | null): SnapshotSource[] {
  if (!snapshot) return [];
  const { name, source: ref, products, images, version, sources } = snapshot;
  return sources ?? [{ id: '', name, ref, sample: SAMPLE_FEED.test(ref), products, images, version }];
}

/**
 * The sources of a snapshot about to be published, by id.
 * @param rows its rows
 * @param before the live snapshot, and its rows
 * @param brought the sources that the import brings; the other sources keep their entries
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
