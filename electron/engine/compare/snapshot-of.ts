import { LookalikeError } from '../../contract/errors.ts';
import { holdSnapshot } from '../catalog/held-snapshots.ts';
import type { Answering } from '../models/answering.ts';
import type { Searchable } from '../snapshot/searchable.ts';
import type { Document } from './document.ts';
import type { Entry } from './entries.ts';

/**
 * The snapshot that a comparison is about. Where there is none yet, it is the one that answers now, which is kept from then
 * on. The caller holds it.
 * @throws LookalikeError CATALOG_EMPTY, CATALOG_UNREADABLE, COMPARISON_MODEL_DIFFERS, COMPARISON_SNAPSHOT_GONE, STORAGE_*
 */
export async function snapshotOf(document: Document, answering: Answering): Promise<Searchable> {
  const { about } = document.state;
  if (!about) return begin(document, answering);
  requireModel(document, answering);
  const { version, name, publishedAt } = about.snapshot;
  const snapshot = await answering.catalog.kept(version).catch((error: unknown) => {
    if (error instanceof LookalikeError && error.code === 'SNAPSHOT_UNKNOWN') return null;
    throw error;
  });
  // A catalog that was begun anew can have another snapshot of the same number.
  if (snapshot?.info.publishedAt === publishedAt) return snapshot;
  snapshot?.[Symbol.dispose]();
  throw new LookalikeError({ code: 'COMPARISON_SNAPSHOT_GONE', params: { name, publishedAt } });
}

/** @throws LookalikeError COMPARISON_MODEL_DIFFERS */
export function requireModel({ state: { about } }: Document, { embedder }: Answering): void {
  if (!about || about.model.id === embedder.info.id) return;
  const params = { made: about.model.id, here: embedder.info.id };
  throw new LookalikeError({ code: 'COMPARISON_MODEL_DIFFERS', params });
}

async function begin(document: Document, { catalog, embedder }: Answering): Promise<Searchable> {
  const snapshot = await catalog.searchable();
  if (!snapshot) throw new LookalikeError('CATALOG_EMPTY');
  try {
    await holdSnapshot(catalog.uri, document.id, snapshot.info.version);
    const about: Entry = { kind: 'about', snapshot: snapshot.info, model: embedder.info };
    await document.write(() => [about]);
    return snapshot;
  } catch (error) {
    snapshot[Symbol.dispose]();
    throw error;
  }
}
