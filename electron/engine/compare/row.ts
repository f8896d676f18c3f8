import type { RowFacts, RowStatus } from '../../contract/compare.ts';
import type { Fault } from '../../contract/faults.ts';
import type { Answer, Changed, Choice, Entry, EntryOf, SeenPicture } from './entries.ts';

/** A picture of a source. */
export interface SourcePicture {
  /** The place of the source among the document's. */
  source: number;
  at: string;
  line: number | null;
  facts: RowFacts | null;
}

/** A product's uid and its picture. */
export type Rejected = readonly [uid: string, picture: string];

/** What was decided of a row. */
export interface RowDecision extends Choice {
  at: string;
  /** Whether it was decided with others, by accepting a band or from a table. */
  inBulk: boolean;
  /** Whether it was taken over from a table. Then it is in bulk too: nobody has looked at it here. */
  merged: boolean;
}

/** A row of a document in memory. */
export interface Row {
  row: number;
  /** The first is the row's own; others are the same picture elsewhere. */
  sources: SourcePicture[];
  picture: SeenPicture | null;
  answer: Answer | null;
  fault: Fault | null;
  decision: RowDecision | null;
  /** Products that are no match, with their pictures. */
  rejected: readonly Rejected[];
  /** See `rowChange` of the contract. */
  changed: Changed | null;
}

export const statusOf = ({ answer, fault }: Row): RowStatus =>
  answer ? 'answered' : fault ? 'failed' : 'waiting';

/** A row before its picture is read. */
export function newRow({ row, source, at, line, facts }: EntryOf<'row'>): Row {
  return {
    row,
    sources: [{ source, at, line: line ?? null, facts: facts ?? null }],
    picture: null,
    answer: null,
    fault: null,
    decision: null,
    rejected: [],
    changed: null,
  };
}

/**
 * The entries that make a row, without its steps.
 * @param first answers before the first step that replaced them
 */
export function* entriesOfRow(
  { row, sources, picture, answer, fault }: Row,
  first: ReadonlyMap<number, Answer | null>,
  at: string,
): Generator<Entry> {
  const [own] = sources;
  if (own) yield rowEntry(row, own);
  const answered = first.get(row) ?? answer;
  if (picture && answered) yield { kind: 'compared', row, picture, answer: answered, at };
  else if (fault) yield { kind: 'failed', row, fault };
}

export function rowEntry(row: number, { source, at, line, facts }: SourcePicture): EntryOf<'row'> {
  return { kind: 'row', row, source, at, ...(line !== null && { line }), ...(facts && { facts }) };
}
