import { create } from 'zustand';
import type { ComparedProduct, ComparisonRow, Decision } from '../../electron/contract/compare.ts';
import { pendingDecision } from './deciding.ts';
import { useDocument } from './open-document.ts';

interface Review {
  /** What was chosen for the row in focus; null: what was decided, or the first candidate. */
  chosen: ComparedProduct | null;
  /** The candidate is shown in the place of the picture. */
  flipped: boolean;
  /** A part of the picture is being chosen. */
  cropping: boolean;
  /** Products beyond the candidates are looked for: those like the picture, or by words. */
  finding: 'more' | 'words' | null;
  /** What was done last, for screen readers. */
  said: string;
}

const NOTHING: Review = { chosen: null, flipped: false, cropping: false, finding: null, said: '' };

/** What the person does with the row in focus. */
export const useReview = create<Review>(() => NOTHING);

/** Forgets what was chosen for a row whenever another one comes into focus. */
export function followRow(): void {
  useDocument.subscribe(({ row, id }, before) => {
    if (row !== before.row || id !== before.id)
      useReview.setState(({ said, flipped }) => ({ ...NOTHING, said, flipped }));
  });
}

/** A row's decision as it is shown. */
export function decisionOf(row: ComparisonRow): Decision | null {
  const pending = pendingDecision(row.row);
  return pending === undefined ? row.decision : pending;
}

/** The product beside a row's picture; null where there is none. */
export function productOf(row: ComparisonRow, chosen: ComparedProduct | null): ComparedProduct | null {
  return chosen ?? decisionOf(row)?.product ?? row.candidates[0] ?? null;
}

/** The candidates, and after them a product that was found by hand. */
export function offeredFor(row: ComparisonRow, chosen: ComparedProduct | null): readonly ComparedProduct[] {
  const { candidates } = row;
  const others = [decisionOf(row)?.product, chosen].filter((product) => product != null);
  const byHand = others.filter(({ uid }, at) => {
    const isFirst = others.findIndex((other) => other.uid === uid) === at;
    return isFirst && candidates.every((candidate) => candidate.uid !== uid);
  });
  return [...candidates, ...byHand];
}

/** The row in focus, once it is read. */
export function inFocus(): ComparisonRow | null {
  const { row, loaded } = useDocument.getState();
  return row === null ? null : (loaded?.rows.get(row) ?? null);
}

/** Sets a product beside the picture in focus. */
export function choose(product: ComparedProduct): void {
  useReview.setState({ chosen: product, finding: null });
}

export function setFlipped(flipped: boolean): void {
  if (useReview.getState().flipped !== flipped) useReview.setState({ flipped });
}

export function closeFinder(): void {
  useReview.setState({ finding: null });
}
