import type { Snapshot, SnapshotSource } from '../../contract/catalog.ts';
import { sourceOfRow, sourcesOf } from '../catalog/sources.ts';
import type { LiveCatalog } from '../snapshot/live-catalog.ts';

/**
 * Publishes the catalog without the products of some sources. The catalog may be empty afterwards.
 * @returns null when none of their products is published
 * @throws LookalikeError CATALOG_BUSY, STORAGE_*
 */
export async function removeProducts(
  catalog: LiveCatalog,
  isRemoved: (source: SnapshotSource) => boolean,
): Promise<Snapshot | null> {
  const removed = new Set<string>();
  const kept: SnapshotSource[] = [];
  const staging = await catalog.stage({
    owned: (live) => {
      for (const source of sourcesOf(live)) {
        if (isRemoved(source)) removed.add(source.id);
        else kept.push(source);
      }
      return { ids: removed, adopter: null };
    },
  });
  try {
    const live = await catalog.liveInfo();
    if (!live || removed.size === 0) return null;
    const rows = [...staging.rows.values()].filter((row) => removed.has(sourceOfRow(row)));
    await staging.remove(rows.map(({ key }) => key));
    // The snapshot is named after all sources that it still has: nothing was synced, so no single source describes it.
    const name = kept.length > 0 ? kept.map((source) => source.name).join(', ') : live.name;
    const { ref } = kept.find((source) => source.ref === live.source) ?? kept[0] ?? { ref: live.source };
    return await staging.publish(name, ref, null, []);
  } finally {
    await staging.close();
  }
}
