import { create } from 'zustand';
import type { Use } from '../../electron/contract/use.ts';
import { asLookalikeError, engine } from '../engine/client.ts';
import { toast } from '../page/toast.ts';
import { faultSentence } from '../ui/sentences.ts';

interface UseState {
  /** Null until the engine has told. */
  use: Use | null;
  /** Whether the dialog is open. */
  open: boolean;
}

/** How this machine is used. */
export const useUse = create<UseState>(() => ({ use: null, open: false }));

export const setUseOpen = (open: boolean): void => useUse.setState({ open });

export const readUse = (): Promise<void> => update(() => engine.use());

/** Off, nothing is counted, and what was counted is kept. */
export const switchUse = (on: boolean): Promise<void> => update(() => engine.switchUse({ on }));

export const forgetUse = (): Promise<void> => update(() => engine.forgetUse());

async function update(ask: () => Promise<Use>): Promise<void> {
  try {
    useUse.setState({ use: await ask() });
  } catch (error) {
    toast(faultSentence(asLookalikeError(error).fault));
  }
}
