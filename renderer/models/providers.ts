import { create } from 'zustand';
import type { LookalikeError } from '../../electron/contract/errors.ts';
import type { ProviderId, ProviderState } from '../../electron/contract/models.ts';
import { askAgainAfterRestart, asLookalikeError, engine } from '../engine/client.ts';
import { useConnection } from '../engine/connection.ts';

interface Providers {
  /** The providers of this machine, the processor first; null until they are loaded. */
  providers: readonly ProviderState[] | null;
  /** The provider that is being tried. */
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

/** Tries a provider, and uses it if it works. One that does not work is listed with its reason. */
export async function tryProvider(id: ProviderId): Promise<void> {
  if (useProviders.getState().trying !== null) return;
  useProviders.setState({ trying: id, error: null });
  try {
    // A provider that has just crashed the engine is not tried again: the list now shows that it failed.
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

/** Loads the providers again when the model changes: another model has other times, and may run on other providers. */
export function startProviders(): void {
  useConnection.subscribe(({ status }, before) => {
    if (status?.model.id !== before.status?.model.id || status?.provider !== before.status?.provider)
      void load();
  });
}
