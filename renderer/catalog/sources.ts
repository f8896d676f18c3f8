import { create } from 'zustand';
import type { LookalikeError } from '../../electron/contract/errors.ts';
import type { Source, SourceStatus } from '../../electron/contract/publishing.ts';
import { asLookalikeError, engine } from '../engine/client.ts';
import { useConnection } from '../engine/connection.ts';

interface Sources {
  /** Null until they have been read. */
  sources: readonly SourceStatus[] | null;
  error: LookalikeError | null;
}

export const useSources = create<Sources>(() => ({ sources: null, error: null }));

export async function loadSources(): Promise<void> {
  try {
    useSources.setState({ sources: await engine.listSources(), error: null });
  } catch (error) {
    useSources.setState({ error: asLookalikeError(error) });
  }
}

/** Saves a source, new or changed. @throws what the engine throws */
export async function saveSource(source: Source): Promise<void> {
  await engine.saveSource(source);
  await loadSources();
}

export async function removeSource({ id, secretHeader }: Source): Promise<void> {
  try {
    await engine.removeSource({ id });
    if (secretHeader !== null) await window.lookalike.saveSecret(id, null);
    await loadSources();
  } catch (error) {
    useSources.setState({ error: asLookalikeError(error) });
  }
}

/** Reads the sources again whenever a sync starts or ends, those of the schedule too. */
export function startSources(): void {
  useConnection.subscribe(({ status }, before) => {
    if (status !== before.status) void loadSources();
  });
}
