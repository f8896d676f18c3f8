import { create } from 'zustand';
import type { SnapshotSource } from '../../electron/contract/catalog.ts';
import { LookalikeError } from '../../electron/contract/errors.ts';
import type { Source, SourceStatus } from '../../electron/contract/publishing.ts';
import { asLookalikeError, engine } from '../engine/client.ts';
import { useConnection } from '../engine/connection.ts';
import { toast } from '../page/toast.ts';
import { formatCounted } from '../ui/format.ts';

interface Sources {
  /** Null until they are loaded. */
  sources: readonly SourceStatus[] | null;
  /** Id of the source whose products are being removed from the catalog. */
  removing: string | null;
  error: LookalikeError | null;
}

export const useSources = create<Sources>(() => ({ sources: null, removing: null, error: null }));

export async function loadSources(): Promise<void> {
  try {
    useSources.setState({ sources: await engine.listSources(), error: null });
  } catch (error) {
    useSources.setState({ error: asLookalikeError(error) });
  }
}

/** Saves a new or changed source. @throws what the engine throws */
export async function saveSource(source: Source): Promise<void> {
  await engine.saveSource(source);
  await loadSources();
}

/**
 * Publishes the catalog without the products of a source. Rolling back to the previous snapshot restores them.
 * @returns whether they were removed
 */
export async function removeProducts(of: Pick<SnapshotSource, 'id' | 'name' | 'products'>): Promise<boolean> {
  if (useSources.getState().removing !== null) return false;
  useSources.setState({ removing: of.id, error: null });
  try {
    await engine.removeProducts({ source: of.id });
    toast(`Removed ${formatCounted(of.products, 'product')} of ${of.name}`);
    return true;
  } catch (error) {
    useSources.setState({ error: asLookalikeError(error) });
    return false;
  } finally {
    useSources.setState({ removing: null });
  }
}

/**
 * Removes a saved source.
 * @param products the source's products in the catalog, if they are to be removed too: first, so that a failure leaves both
 */
export async function removeSource({ id, secretHeader }: Source, products?: SnapshotSource): Promise<void> {
  if (products && !(await removeProducts(products))) return;
  try {
    await engine.removeSource({ id });
    const fault = secretHeader === null ? null : await window.lookalike.saveSecret(id, null);
    await loadSources();
    if (fault) throw new LookalikeError(fault);
  } catch (error) {
    useSources.setState({ error: asLookalikeError(error) });
  }
}

/** Loads the sources again whenever a sync starts or ends, also a scheduled one. */
export function startSources(): void {
  useConnection.subscribe(({ status }, before) => {
    if (status !== before.status) void loadSources();
  });
}
