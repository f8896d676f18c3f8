import { extname } from 'node:path';
import type { MatchType, MergeReport } from '../../contract/compare.ts';
import { tableLayout, tableRows } from '../feed/delimited.ts';
import { openDocument } from '../feed/document.ts';
import type { Answering } from '../models/answering.ts';
import type { Searchable } from '../snapshot/searchable.ts';
import { productOf } from './answers.ts';
import type { Document } from './document.ts';
import type { Choice, Entry, KeptProduct } from './entries.ts';
import { readHandedBack } from './handed-back.ts';
import type { Row } from './row.ts';
import { pictureNames } from './rows.ts';
import { unusable } from './sources/source.ts';
import type { State } from './state.ts';

/** The words that other programs write for the types of a match. */
const MATCHES: Record<string, MatchType> = {
  ...{ same: 'same', exact: 'same', identical: 'same', equivalent: 'equivalent', similar: 'similar' },
  ...{ none: 'none', nomatch: 'none', no: 'none', unsure: 'unsure' },
};

/** A decision that was made elsewhere. */
interface Given {
  line: number;
  match: MatchType;
  /** A SKU, or the uid of a candidate. */
  product: string;
  row: Row;
  /** How the row was decided when it was handed off; undefined where nobody knows. */
  before?: Pick<Choice, 'match' | 'product'> | null;
}

/** What a file says. `alone`: a person decided its rows one by one. */
interface Read {
  given: Given[];
  unused: Unused[];
  alone: boolean;
}

type Unused = MergeReport['unused'][number];

/**
 * Takes over decisions that were made elsewhere: a CSV with the columns `match_type`, `sku` (ours), and `row` and `file` as this
 * app writes them, or `url` (the competitor's); or the JSON of a hand-off. They are one step of undo. Where a row is decided
 * otherwise already, that is a conflict, and the row is left as it is, unless it was decided so when it was handed off.
 * @param replace takes over conflicts too
 * @throws LookalikeError FEED_UNREACHABLE, FEED_INVALID, COMPARISON_BUSY, STORAGE_*
 */
export async function merge(
  document: Document,
  { path, replace }: { path: string; replace: boolean },
  answering: Answering,
  signal: AbortSignal,
): Promise<Omit<MergeReport, 'change'> & { rows: number[] }> {
  const isHandedBack = extname(path).toLowerCase() === '.json';
  const { given, unused, alone } = isHandedBack
    ? await readHandOff(path, document.state)
    : await readTable(path, document.state, signal);
  using snapshot = await answering.catalog.searchable();
  const conflicts: MergeReport['conflicts'] = [];
  const decisions: { row: number; choice: Choice }[] = [];
  const products: KeptProduct[] = [];
  for (const { line, match, product, row, before } of given) {
    const found = match === 'none' ? NO_PRODUCT : await productWith(product, row, document.state, snapshot);
    if (!found || (found.uid === null && match !== 'none' && match !== 'unsure')) {
      unused.push({ line, reason: 'product' });
      continue;
    }
    const { decision } = row;
    if (isSame(decision, { match, product: found.uid })) continue;
    const isChanged = decision !== null && !(before && isSame(decision, before));
    const sku = document.state.products.get(product)?.sku ?? product;
    if (isChanged) conflicts.push({ row: row.row, line, here: decision.match, there: match, sku });
    if (isChanged && !replace) continue;
    if (found.product) products.push(found.product);
    decisions.push({ row: row.row, choice: { match, product: found.uid, picture: found.picture } });
  }
  await document.write((state): Entry[] => {
    if (decisions.length === 0) return [];
    const unknown = products.filter(({ uid }) => !state.products.has(uid));
    const at = new Date().toISOString();
    return [
      ...unknown.map((product): Entry => ({ kind: 'product', product })),
      { kind: 'step', at, inBulk: !alone, ...(!alone && { merged: true }), decisions },
    ];
  });
  return { merged: decisions.length, conflicts, unused, rows: decisions.map(({ row }) => row) };
}

const isSame = (
  one: Pick<Choice, 'match' | 'product'> | null,
  other: Pick<Choice, 'match' | 'product'>,
): boolean => one?.match === other.match && one.product === other.product;

/** The lines are the places of the decisions in the file, from 1. */
async function readHandOff(path: string, state: State): Promise<Read> {
  const read: Read = { given: [], unused: [], alone: true };
  for (const [at, { picture, match, product, before }] of (await readHandedBack(path)).rows.entries()) {
    const row = state.rowOfHash(picture);
    if (row?.answer) read.given.push({ line: at + 1, match, product: product ?? '', row, before });
    else read.unused.push({ line: at + 1, reason: 'row' });
  }
  return read;
}

async function readTable(path: string, state: State, signal: AbortSignal): Promise<Read> {
  const table = await openDocument(path, { signal });
  if (table === 'unchanged') throw new Error('an unasked "unchanged"');
  const given = new Map<number, Given[]>();
  const unused: Unused[] = [];
  try {
    const layout = tableLayout(table.head);
    if (!layout?.columns.some((column) => plain(column) === 'matchtype')) {
      const params = { reason: 'no-match-column', columns: layout?.columns.slice(0, 50) ?? [] } as const;
      throw unusable(path, params);
    }
    const find = rowFinder(state);
    for await (const part of tableRows(table.text, layout, table.url)) {
      const line = Number(/\d+$/.exec('problem' in part ? part.problem.item : part.place)?.[0] ?? 0);
      if ('problem' in part) unused.push({ line, reason: 'line' });
      else {
        const cells = new Map(Object.entries(part.fields).map(([name, cell]) => [plain(name), String(cell)]));
        const written = cells.get('matchtype');
        if (written === undefined) continue;
        const match = MATCHES[plain(written)];
        const row = match && find(cells);
        if (!match) unused.push({ line, reason: 'match' });
        else if (!row?.answer) unused.push({ line, reason: 'row' });
        else {
          const lines = given.get(row.row) ?? [];
          lines.push({ line, match, product: match === 'none' ? '' : (cells.get('sku') ?? ''), row });
          given.set(row.row, lines);
        }
      }
    }
  } finally {
    await table.close();
  }
  return { ...agreed(given.values(), unused), alone: false };
}

/** One decision a row. The lines of a row with several sources say the same; of lines that do not, none is taken. */
function agreed(rows: Iterable<Given[]>, unused: readonly Unused[]): Pick<Read, 'given' | 'unused'> {
  const read: Pick<Read, 'given' | 'unused'> = { given: [], unused: [...unused] };
  for (const lines of rows) {
    const [first] = lines;
    if (first && lines.every((each) => isSame(each, first))) read.given.push(first);
    else read.unused.push(...lines.map(({ line }): Unused => ({ line, reason: 'contradiction' })));
  }
  return read;
}

/** Finds the row of a line: by its number where the file's name agrees, else by the competitor's address, else by the name. */
function rowFinder(state: State): (cells: ReadonlyMap<string, string>) => Row | undefined {
  const byName = new Map<string, Row>();
  const byUrl = new Map<string, Row>();
  for (const row of state.rows.values()) {
    for (const name of pictureNames(row, state)) byName.set(name, row);
    for (const { facts, at } of row.sources) byUrl.set(facts?.url ?? at, row);
  }
  return (cells) => {
    const [number, file, url] = [Number(cells.get('row')), cells.get('file'), cells.get('url')];
    const numbered = state.rows.get(number);
    if (numbered && file !== undefined && pictureNames(numbered, state).includes(unescaped(file)))
      return numbered;
    return (url === undefined ? undefined : byUrl.get(url)) ?? byName.get(unescaped(file ?? ''));
  };
}

/** A cell that would have been a formula has an apostrophe before it. */
const unescaped = (cell: string): string => cell.replace(/^'(?=[=+\-@])/, '');

interface Found {
  uid: string | null;
  picture: string | null;
  /** Where the document does not have it yet. */
  product: KeptProduct | null;
}

const NO_PRODUCT: Found = { uid: null, picture: null, product: null };

/** The product with a SKU: a candidate of the row, or else one of the live catalog. Null when there is none. */
async function productWith(
  sku: string,
  row: Row,
  { products }: State,
  snapshot: Searchable | null,
): Promise<Found | null> {
  if (sku === '') return NO_PRODUCT;
  const isMeant = (uid: string) => {
    const product = products.get(uid);
    return product && [product.sku, product.styleSku, product.productId, uid].includes(sku);
  };
  const candidate = row.answer?.candidates.find(([uid]) => isMeant(uid));
  if (candidate) return { uid: candidate[0], picture: candidate[1], product: null };
  const exact = (await snapshot?.matching(sku, {}))?.find((match) => match.exact);
  const [neighbour] = (exact && (await snapshot?.neighbours([exact.uid], null))) ?? [];
  return neighbour
    ? { uid: neighbour.uid, picture: neighbour.imageHash, product: productOf(neighbour) }
    : null;
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/[^a-z]/g, '');
