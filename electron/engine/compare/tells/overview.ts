import type { ComparisonOverview } from '../../../contract/compare-tells.ts';
import type { Answering } from '../../models/answering.ts';
import type { PriorityGate } from '../../work/priority-gate.ts';
import type { Document } from '../document.ts';
import { hitsOf } from './hits.ts';
import { ourRange } from './our-range.ts';
import { categoriesOf, pricedRows, pricesOf } from './prices.ts';
import { featuresOfRows } from './row-features.ts';
import { seenColor } from './seen-color.ts';

/** The colours that the pictures of a document show, by the place of their features. */
const known = new WeakMap<Document, Map<number, string>>();

/** See `comparisonOverview` of the contract. Reading pictures and our range gives way to queries. */
export async function overviewOf(
  document: Document,
  parts: { answering: Answering; gate: PriorityGate },
): Promise<ComparisonOverview> {
  const { state } = document;
  const rows = pricedRows(state);
  const colors = rows.length > 0 ? await colorsOf(document, parts.gate) : new Map<number, string>();
  const ours = await ourRange(document, categoriesOf(rows), parts);
  const prices = pricesOf(state, rows, ours, ({ picture }) => colors.get(picture?.features[0] ?? -1) ?? null);
  return { ...hitsOf(state), prices };
}

async function colorsOf(document: Document, gate: PriorityGate): Promise<ReadonlyMap<number, string>> {
  const before = known.get(document);
  const isWhole = [...document.state.rows.values()].every(
    ({ picture, answer }) => !answer || !picture || before?.has(picture.features[0]),
  );
  if (before && isWhole) return before;
  const colors = new Map<number, string>();
  for await (const { row, features } of featuresOfRows(document, () => gate.giveWay()))
    if (row.picture) colors.set(row.picture.features[0], seenColor(features.whole.colors));
  known.set(document, colors);
  return colors;
}
