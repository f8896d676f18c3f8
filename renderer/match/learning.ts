import { create } from 'zustand';
import type { Learning } from '../../electron/contract/search.ts';
import { asLookalikeError, engine } from '../engine/client.ts';
import { toast } from '../page/toast.ts';
import { faultSentence } from '../ui/sentences.ts';

/** What the engine has learned from photos; null until it has been asked. */
export const useLearning = create<{ learning: Learning | null }>(() => ({ learning: null }));

/** Asks again: every photo that is searched with may have changed it. */
export const readLearning = (): Promise<void> => update(() => engine.learning());

/** Off, photos are not noted, and what was learned is kept and not used. */
export const switchLearning = (on: boolean): Promise<void> => update(() => engine.switchLearning({ on }));

export async function forgetPhotos(): Promise<void> {
  await update(() => engine.forgetPhotos());
  if (useLearning.getState().learning?.photos === 0)
    toast('Forgotten. Learning starts again with the next photo');
}

async function update(ask: () => Promise<Learning>): Promise<void> {
  try {
    useLearning.setState({ learning: await ask() });
  } catch (error) {
    toast(faultSentence(asLookalikeError(error).fault));
  }
}
