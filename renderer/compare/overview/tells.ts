import { create } from 'zustand';
import type {
  ComparisonOverview,
  ComparisonPiles,
  PilingProgress,
} from '../../../electron/contract/compare-tells.ts';
import { LookalikeError } from '../../../electron/contract/errors.ts';
import { asLookalikeError, engine, engineState } from '../../engine/client.ts';
import { follow } from '../../engine/follow.ts';
import { changeRows } from '../deciding.ts';
import { useDocument } from '../open-document.ts';

interface Tells {
  /** Null until it is read. */
  overview: ComparisonOverview | null;
  piles: ComparisonPiles | null;
  /** How far the pictures are piled; `stopped` by the person, until they ask for it again. */
  piling: PilingProgress | 'stopped' | null;
  error: LookalikeError | null;
}

const NOTHING: Tells = { overview: null, piles: null, piling: null, error: null };

/** What the open document tells, while its overview is on screen. */
export const useTells = create<Tells>(() => NOTHING);

/** While a run goes on, it changes several times a second. */
const NOT_SOONER_MS = 1000;

/** Reads what a document tells, and again whenever the document has changed, until the function returned is called. */
export function followTells(id: string): () => void {
  let [open, reading, outdated] = [true, false, false];
  const read = async () => {
    outdated = true;
    if (reading) return;
    reading = true;
    while (open && outdated) {
      outdated = false;
      await readOnce(id, () => open);
      await new Promise((resolve) => setTimeout(resolve, outdated ? NOT_SOONER_MS : 0));
    }
    reading = false;
  };
  useTells.setState(NOTHING, true);
  void read();
  const stops = [
    useDocument.subscribe(({ state }, before) => {
      if (state !== before.state) void read();
    }),
    engineState.subscribe(({ phase }, before) => {
      if (phase === 'ready' && before.phase !== 'ready') void read();
    }),
    useTells.subscribe(({ piling }, before) => {
      if (piling === null && before.piling === 'stopped') void read();
    }),
  ];
  return () => {
    open = false;
    for (const stop of stops) stop();
  };
}

let stopping: AbortController | null = null;

/** Stops the piling of pictures, until `pileAgain`. */
export function stopPiling(): void {
  stopping?.abort(new LookalikeError('CANCELLED'));
}

export function pileAgain(): void {
  useTells.setState({ piling: null });
}

async function readOnce(id: string, isOpen: () => boolean): Promise<void> {
  try {
    // Apart: piles take longer.
    const overview = await engine.comparisonOverview({ id });
    if (isOpen()) useTells.setState({ overview, error: null });
    // While pictures are compared, there would soon be others to pile.
    if (useDocument.getState().state?.progress) return;
    if (useTells.getState().piling === 'stopped') return;
    stopping = new AbortController();
    const { signal } = stopping;
    const steps = await engine.comparisonPiles({ id }, { signal });
    const piles = await follow(steps, (piling) => isOpen() && useTells.setState({ piling }));
    if (isOpen()) useTells.setState({ piles, piling: null });
  } catch (thrown) {
    const error = asLookalikeError(thrown);
    if (!isOpen() || error.code === 'ENGINE_STOPPED') return;
    if (error.code === 'CANCELLED') useTells.setState({ piling: 'stopped' });
    else useTells.setState({ error, piling: null });
  }
}

/** Says in which currency the prices are of which none is stated. */
export async function namePriceCurrency(currency: string): Promise<void> {
  await changeRows((id) => engine.namePriceCurrency({ id, currency }));
}

/** Calls the pile of these rows so; an empty name takes its name away. */
export async function namePile(rows: readonly number[], name: string): Promise<void> {
  await changeRows((id) => engine.namePile({ id, rows: [...rows], name: name === '' ? null : name }));
}
