import { create } from 'zustand';
import type {
  Acceptance,
  AcceptedAs,
  AcceptedBand,
  BandTrust,
  ComparisonTrust,
} from '../../electron/contract/compare-trust.ts';
import type { Band } from '../../electron/contract/search.ts';
import { engine } from '../engine/client.ts';
import { painted } from '../ui/painted.ts';
import { changeRows } from './deciding.ts';
import { useDocument } from './open-document.ts';
import { setFilters, setView } from './order.ts';

interface Trust {
  /** Of the open document; null until it is read. */
  trust: ComparisonTrust | null;
  /** What the dialog shows: all bands, a band that may be accepted, or what was just accepted. Null: it is closed. */
  dialog: { kind: 'bands' } | { kind: 'band'; band: Band } | { kind: 'accepted'; number: number } | null;
}

/** What the decisions so far say of first candidates. */
export const useTrust = create<Trust>(() => ({ trust: null, dialog: null }));

/** Decisions that follow each other quickly are counted together. */
const AFTER_MS = 150;

let reading = false;
let outdated = false;

/** Reads it again; further calls meanwhile make it read once more. A row that is to be painted goes first. */
async function loadTrust(): Promise<void> {
  outdated = true;
  if (reading) return;
  reading = true;
  try {
    while (outdated) {
      outdated = false;
      await painted();
      await new Promise((resolve) => setTimeout(resolve, AFTER_MS));
      const { id } = useDocument.getState();
      const trust = id === null ? null : await engine.comparisonTrust({ id });
      if (useDocument.getState().id === id) useTrust.setState({ trust });
    }
  } catch {
    // The document's own watch says why it cannot be read.
  } finally {
    reading = false;
  }
}

/** Follows the decisions of the open document. */
export function followTrust(): void {
  useDocument.subscribe(({ id, state }, before) => {
    if (id !== before.id) useTrust.setState({ trust: null, dialog: null });
    if (id !== null && state !== null && state.comparison.counts !== before.state?.comparison.counts)
      void loadTrust();
  });
}

export function openTrust(dialog: Trust['dialog']): void {
  useTrust.setState({ dialog });
}

/** Decides the undecided rows of a band by their first candidates. */
export async function accept(band: Band, as: AcceptedAs): Promise<void> {
  let accepted: AcceptedBand | null = null;
  const changed = await changeRows(async (id) => {
    const answer = await engine.acceptBand({ id, band, as });
    accepted = answer;
    return answer.change;
  });
  const number = numberOf(accepted);
  useTrust.setState({ dialog: changed && number !== null ? { kind: 'accepted', number } : null });
}

const numberOf = (accepted: AcceptedBand | null): number | null => accepted?.acceptance?.number ?? null;

/** Goes through the rows to check before a band can be accepted. */
export function checkBand({ band, toCheck }: BandTrust): void {
  check({ toCheck: band }, toCheck);
}

/** Goes through the sample of what was accepted, from the first row that nobody has checked. */
export function checkSample({ number, sample, toCheck }: Acceptance): void {
  check({ sample: number }, toCheck.length > 0 ? toCheck : sample);
}

function check(filters: { toCheck: Band } | { sample: number }, rows: readonly number[]): void {
  useTrust.setState({ dialog: null });
  setFilters(filters);
  setView('focus', Math.min(...rows));
}
