import { create } from 'zustand';
import type { Fault } from '../../electron/contract/faults.ts';
import { asLookalikeError, engine, engineState } from '../engine/client.ts';
import { usePreferences } from '../page/preferences.ts';
import { toast } from '../page/toast.ts';
import { useView } from '../page/view.ts';
import { formatCounted } from '../ui/format.ts';
import { faultSentence } from '../ui/sentences.ts';
import { matchPhoto } from './query-actions.ts';

interface Watched {
  /** Whether the watched folder is there; null when none is watched, or not known yet. */
  isThere: boolean | null;
  /** How many pictures came. */
  came: number;
  /** Files that came and cannot be used, oldest first, until they are dismissed: nobody may be looking when they come. */
  unusable: readonly { name: string; fault: Fault }[];
}

const NOTHING: Watched = { isThere: null, came: 0, unusable: [] };
export const useWatched = create<Watched>(() => NOTHING);

let watching: AbortController | null = null;

/** Pictures that wait while the person is on another screen: more than the newest are not kept in memory. */
const MOST_WAITING = 12;
let waiting: File[] = [];
let matching = false;

/** Watches the folder of the preferences, with each engine that is started and whenever another folder is chosen. */
export function startWatching(): void {
  const again = () => void watch(usePreferences.getState().watchedFolder);
  usePreferences.subscribe(({ watchedFolder }, before) => {
    if (watchedFolder !== before.watchedFolder) again();
  });
  useView.subscribe(() => void matchWaiting());
  engineState.subscribe(({ phase }, before) => {
    if (phase === 'ready' && before.phase !== 'ready') again();
  });
  again();
}

export async function chooseWatchedFolder(): Promise<void> {
  const watchedFolder = await window.lookalike.chooseFolder();
  if (watchedFolder !== null) usePreferences.setState({ watchedFolder });
}

export function dismissUnusable(): void {
  useWatched.setState({ unusable: [] });
}

export function stopWatching(): void {
  usePreferences.setState({ watchedFolder: null });
}

function take(picture: File): void {
  useWatched.setState(({ came }) => ({ came: came + 1 }));
  waiting = [...waiting, picture].slice(-MOST_WAITING);
  if (useView.getState().view !== 'match') toast(`${picture.name} has come, and waits on Match`);
  void matchWaiting();
}

/** Matches them one after another, so that each is answered and the last one stays; nobody is called away from another screen. */
async function matchWaiting(): Promise<void> {
  if (matching) return;
  matching = true;
  while (useView.getState().view === 'match') {
    const picture = waiting.shift();
    if (!picture) break;
    await matchPhoto(picture, picture.name);
  }
  matching = false;
}

async function watch(path: string | null): Promise<void> {
  watching?.abort();
  useWatched.setState(NOTHING);
  if (path === null) return;
  const mine = new AbortController();
  watching = mine;
  try {
    for await (const event of await engine.watchFolder({ path }, { signal: mine.signal })) {
      if (mine.signal.aborted) return;
      if (event.type === 'watching') useWatched.setState({ isThere: true });
      if (event.type === 'gone') useWatched.setState({ isThere: false });
      if (event.type === 'unusable')
        useWatched.setState(({ unusable }) => ({ unusable: [...unusable, event] }));
      if (event.type === 'too many')
        toast(`${formatCounted(event.leftOut, 'more picture')} came at once. Compare takes a pile.`);
      if (event.type === 'picture') take(new File([event.bytes], event.name));
    }
  } catch (thrown) {
    const error = asLookalikeError(thrown);
    // `EngineLine` reports an engine that stopped. The next one watches again.
    if (!mine.signal.aborted && error.code !== 'ENGINE_STOPPED') toast(faultSentence(error.fault));
  }
}
