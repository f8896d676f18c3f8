import { create } from 'zustand';
import type { LookalikeError } from '../../electron/contract/errors.ts';
import type { ProviderId, ProviderState } from '../../electron/contract/models.ts';
import { askAgainAfterRestart, asLookalikeError, engine } from '../engine/client.ts';
import { useConnection } from '../engine/connection.ts';

interface Providers {
  /** What can run the model here, the processor first; null until they have been read. */
  providers: readonly ProviderState[] | null;
  /** The one that is being tried. */
  trying: ProviderId | null;
  error: LookalikeError | null;
}

export const useProviders = create<Providers>(() => ({ providers: null, trying: null, error: null }));

async function load(): Promise<void> {
  try {
    useProviders.setState({ providers: await engine.listProviders() });
  } catch (error) {
    useProviders.setState({ error: asLookalikeError(error) });
  }
}

/** Tries a provider, and uses it if it works; one that does not stays away with its reason. */
export async function tryProvider(id: ProviderId): Promise<void> {
  if (useProviders.getState().trying !== null) return;
  useProviders.setState({ trying: id, error: null });
  try {
    // One that has just taken the engine with it is not tried again: the list says now that it failed.
    let ask: () => Promise<ProviderState[]> = () => engine.useProvider({ id });
    const providers = await askAgainAfterRestart(
      () => ask(),
      () => {
        ask = () => engine.listProviders();
      },
    );
    useProviders.setState({ providers });
  } catch (error) {
    useProviders.setState({ error: asLookalikeError(error) });
  } finally {
    useProviders.setState({ trying: null });
  }
}

/** Reads the providers again with each model: another model takes another time, and may run elsewhere. */
export function startProviders(): void {
  useConnection.subscribe(({ status }, before) => {
    if (status?.model.id !== before.status?.model.id || status?.provider !== before.status?.provider)
      void load();
  });
}
