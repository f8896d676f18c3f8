import { LookalikeError } from '../../../contract/errors.ts';
import type { Fault } from '../../../contract/faults.ts';
import type { Answering } from '../../models/answering.ts';
import type { PriorityGate } from '../../work/priority-gate.ts';
import type { Document } from '../document.ts';
import { snapshotOf } from '../snapshot-of.ts';
import { seenColor } from './seen-color.ts';

/** A style of ours with a price, or a picture of theirs. */
export interface Priced {
  category: string | null;
  color: string | null;
  price: number;
  currency: string | null;
}

export interface OurRange {
  priced: Priced[];
  /** Number of styles that were read, and of those that there are. */
  styles: number;
  total: number;
  fault: Fault | null;
}

/** The most styles that are read: 100,000 take a minute where LanceDB answers. */
const MOST_STYLES = 20_000;
const STYLES_AT_ONCE = 100;

const NOTHING: OurRange = { priced: [], styles: 0, total: 0, fault: null };

/** A snapshot does not change, so it is read once for the same categories. */
const known = new WeakMap<Document, { key: string; range: OurRange }>();

/**
 * The styles of the compared snapshot in some categories, each as its first product. Reading gives way to queries.
 * @returns with a fault where the snapshot or the model of the comparison is gone
 */
export async function ourRange(
  document: Document,
  categories: readonly string[],
  { answering, gate }: { answering: Answering; gate: PriorityGate },
): Promise<OurRange> {
  const { about } = document.state;
  if (!about || categories.length === 0) return NOTHING;
  const { version, publishedAt } = about.snapshot;
  const key = JSON.stringify([version, publishedAt, [...categories].sort()]);
  const before = known.get(document);
  if (before?.key === key) return before.range;
  try {
    const range = await read(document, [...categories], answering, gate);
    known.set(document, { key, range });
    return range;
  } catch (error) {
    if (!(error instanceof LookalikeError)) throw error;
    return { ...NOTHING, fault: error.fault };
  }
}

async function read(
  document: Document,
  category: string[],
  answering: Answering,
  gate: PriorityGate,
): Promise<OurRange> {
  using snapshot = await snapshotOf(document, answering);
  const all = await snapshot.passing({ category });
  const step = Math.max(1, all.length / MOST_STYLES);
  const uids = Array.from(
    { length: Math.min(all.length, MOST_STYLES) },
    (_, n) => all[Math.floor(n * step)],
  ).flatMap((each) => each?.uid ?? []);
  const priced: Priced[] = [];
  for (let start = 0; start < uids.length; start += STYLES_AT_ONCE) {
    await gate.giveWay();
    for (const found of await snapshot.neighbours(uids.slice(start, start + STYLES_AT_ONCE), null)) {
      const { price, currency } = found.product;
      if (price === null) continue;
      const color = seenColor({ picture: found.colorSignature, subject: found.subjectColors });
      priced.push({ category: found.category, color, price, currency });
    }
  }
  return { priced, styles: uids.length, total: all.length, fault: null };
}
