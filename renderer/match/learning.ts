import { create } from 'zustand';
import type { Learning } from '../../electron/contract/learning.ts';
import { asLookalikeError, engine } from '../engine/client.ts';
import { toast } from '../page/toast.ts';
import { faultSentence } from '../ui/sentences.ts';
import { useMatch } from './match.ts';

/** What this machine has learned; null until the engine has been asked. */
export const useLearning = create<{ learning: Learning | null }>(() => ({ learning: null }));

/** Asks again: every photo that is searched with may have changed it. */
export const readLearning = (): Promise<void> => update(() => engine.learning());

/** Off, nothing is noted, and what was learned is kept and not used. */
export const switchLearning = (on: boolean): Promise<void> => update(() => engine.switchLearning({ on }));

export async function forgetLearned(): Promise<void> {
  await update(() => engine.forgetLearned());
  // The mark on the card would be that of something forgotten.
  useMatch.setState(({ answer }) => ({ answer: answer && { ...answer, feedback: null } }));
  if (useLearning.getState().learning?.photos === 0)
    toast('Forgotten. Learning starts again with the next photo');
}

/** Asks for a path, then writes what was said of photos there. */
export async function exportLearned(): Promise<void> {
  const path = await window.lookalike.chooseSavePath('lookalike-learned.json');
  if (path === null) return;
  try {
    await engine.exportLearned({ path });
    toast(`${path.split(/[/\\]/).at(-1) ?? path} is saved`);
  } catch (error) {
    toast(faultSentence(asLookalikeError(error).fault));
  }
}

async function update(ask: () => Promise<Learning>): Promise<void> {
  try {
    useLearning.setState({ learning: await ask() });
  } catch (error) {
    toast(faultSentence(asLookalikeError(error).fault));
  }
}
