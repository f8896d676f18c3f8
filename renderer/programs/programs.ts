import { create } from 'zustand';
import type {
  AddedClient,
  LocalServer,
  NewClient,
  Scope,
  ServerChange,
} from '../../electron/contract/serving.ts';
import { asLookalikeError, engine } from '../engine/client.ts';
import { toast } from '../page/toast.ts';
import { faultSentence } from '../ui/sentences.ts';

interface Programs {
  /** Null until the engine has told. */
  server: LocalServer | null;
  /** Whether the dialog is open. */
  open: boolean;
  /** The program that was just added, with its token, until the dialog is closed. */
  added: AddedClient | null;
}

/** The programs that may ask over HTTP. */
export const usePrograms = create<Programs>(() => ({ server: null, open: false, added: null }));

/** What a scope lets a program do. */
export const SCOPE_WORDS: Record<Scope, string> = {
  search: 'Search products',
  embed: 'Embed pictures and texts',
  index: 'Add products',
  admin: 'Everything, syncs and roll backs too',
};

const AGAIN_AFTER_MS = 1000;

/** Keeps the store up to date until the returned function is called. */
export function followServer(): () => void {
  const leave = new AbortController();
  void follow(leave.signal);
  return () => leave.abort();
}

async function follow(signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    try {
      const states = await engine.watchServer(undefined, { signal });
      for await (const server of states) usePrograms.setState({ server });
    } catch {
      // `EngineLine` reports an engine that stopped. The next one is followed.
    }
    await new Promise((resolve) => setTimeout(resolve, AGAIN_AFTER_MS));
  }
}

export const setProgramsOpen = (open: boolean): void => usePrograms.setState({ open, added: null });

export const changeServer = (change: ServerChange): Promise<void> => asked(() => engine.changeServer(change));

export const removeProgram = (id: string): Promise<void> => asked(() => engine.removeClient({ id }));

/** @returns whether the program was added */
export async function addProgram(program: NewClient): Promise<boolean> {
  await asked(async () => usePrograms.setState({ added: await engine.addClient(program) }));
  return usePrograms.getState().added !== null;
}

export async function copy(text: string, said: string): Promise<void> {
  await navigator.clipboard.writeText(text);
  toast(said);
}

async function asked(ask: () => Promise<unknown>): Promise<void> {
  try {
    await ask();
  } catch (error) {
    toast(faultSentence(asLookalikeError(error).fault));
  }
}
