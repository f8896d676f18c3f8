import { create } from 'zustand';
import { engine, engineState } from '../engine/client.ts';
import { usePreferences } from '../page/preferences.ts';
import { toast } from '../page/toast.ts';
import { formatCounted } from '../ui/format.ts';
import { faultSentence } from '../ui/sentences.ts';
import { matchPhoto } from './query-actions.ts';

/** Whether the watched folder is there; null when none is watched, or not known yet. */
export const useWatched = create<{ isThere: boolean | null; came: number }>(() => ({
  isThere: null,
  came: 0,
}));

let watching: AbortController | null = null;

/** Watches the folder of the preferences, with each engine that is started and whenever another folder is chosen. */
export function startWatching(): void {
  const again = () => void watch(usePreferences.getState().watchedFolder);
  usePreferences.subscribe(({ watchedFolder }, before) => {
    if (watchedFolder !== before.watchedFolder) again();
  });
  engineState.subscribe(({ phase }, before) => {
    if (phase === 'ready' && before.phase !== 'ready') again();
  });
  again();
}

export async function chooseWatchedFolder(): Promise<void> {
  const watchedFolder = await window.lookalike.chooseFolder();
  if (watchedFolder !== null) usePreferences.setState({ watchedFolder });
}

export function stopWatching(): void {
  usePreferences.setState({ watchedFolder: null });
}

async function watch(path: string | null): Promise<void> {
  watching?.abort();
  useWatched.setState({ isThere: null, came: 0 });
  if (path === null) return;
  const mine = new AbortController();
  watching = mine;
  try {
    for await (const event of await engine.watchFolder({ path }, { signal: mine.signal })) {
      if (mine.signal.aborted) return;
      if (event.type === 'watching') useWatched.setState({ isThere: true });
      if (event.type === 'gone') useWatched.setState({ isThere: false });
      if (event.type === 'unusable') toast(`${event.name}: ${faultSentence(event.fault)}`);
      if (event.type === 'too many')
        toast(`${formatCounted(event.leftOut, 'more picture')} came at once. Compare takes a pile.`);
      if (event.type === 'picture') {
        useWatched.setState(({ came }) => ({ came: came + 1 }));
        // One after another, so that each is answered and the last one stays.
        await matchPhoto(new Blob([event.bytes]), event.name);
      }
    }
  } catch {
    // `EngineLine` reports an engine that stopped. The next one watches again.
  }
}
