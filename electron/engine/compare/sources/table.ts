import { stat } from 'node:fs/promises';
import { setTimeout as wait } from 'node:timers/promises';
import type { RowFacts } from '../../../contract/compare.ts';
import { LookalikeError } from '../../../contract/errors.ts';
import type { Fault } from '../../../contract/faults.ts';
import { firstValues, type TableLayout, tableLayout, tableRows } from '../../feed/delimited.ts';
import { type FeedDocument, openDocument } from '../../feed/document.ts';
import type { Fields } from '../../feed/format.ts';
import { AskedToWaitError, Hosts } from '../../feed/hosts.ts';
import { namesComputer, resolveImageRef, splitImageRefs } from '../../feed/image-refs.ts';
import { type FieldMapping, looksLike, mapped, proposeFields } from '../../feed/mapping.ts';
import { readMoney } from '../../feed/money.ts';
import { readPicture } from '../../feed/picture.ts';
import { PATIENCE } from '../../net/retry.ts';
import { PICTURE_LIMITS } from './picture-bytes.ts';
import { type Item, MOST_PICTURES, type OpenSource, unusable } from './source.ts';

/** Names of columns beside those of a feed, the surest first, without signs and accents. */
const FILE_NAMES = names(
  'file filename filepath imagefile path datei dateiname bilddatei fichier archivo bestand tep',
);
const COMPETITOR_NAMES = names(
  'competitor competitorname retailer shop shopname merchant seller store marketplace domain wettbewerber mitbewerber haendler handler concurrent competidor concorrente concurrent',
);
const MOST_CHARACTERS = { fact: 500, reference: 4000 } as const;
const ROWS_LOOKED_AT = 50;

/** A server that asks to wait (Retry-After) is waited for so long, and asked again so often. */
const LONGEST_WAIT_MS = 60_000;
const MOST_WAITS = 3;

type Columns = { fields: FieldMapping; competitor: string | null };

/**
 * A table whose rows name pictures, by address or by file (relative to the table), or a plain list of them. What else a row
 * says of the competitor's product is kept. Addresses are asked for as those of feeds are: hosts of this network are refused,
 * and a host that does not answer is given up.
 */
export class TableSource implements OpenSource {
  readonly #path: string;
  readonly #hosts = new Hosts();

  /** @param path absolute */
  constructor(path: string) {
    this.#path = path;
  }

  async *items(signal: AbortSignal): AsyncGenerator<Item> {
    if (!(await stat(this.#path).catch(() => null))) throw unusable(this.#path, { reason: 'not-opened' });
    const document = await openDocument(this.#path, { signal });
    if (document === 'unchanged') throw new Error('an unasked "unchanged"');
    let count = 0;
    try {
      for await (const item of this.#itemsOf(document)) {
        if (signal.aborted) throw new LookalikeError('CANCELLED');
        if (++count > MOST_PICTURES) throw unusable(this.#path, { reason: 'too-many', most: MOST_PICTURES });
        yield item;
      }
    } finally {
      await document.close();
    }
    if (count === 0) throw unusable(this.#path, { reason: 'no-pictures' });
  }

  async read(at: string, signal: AbortSignal): Promise<Uint8Array> {
    const path = resolveImageRef(at, this.#path);
    if (path === null) throw new LookalikeError(notFollowed(at), { item: at });
    for (let waits = 0; ; waits++) {
      try {
        return await this.#ask(path, signal);
      } catch (error) {
        const ms = error instanceof AskedToWaitError ? error.until - Date.now() : LONGEST_WAIT_MS + 1;
        if (ms > LONGEST_WAIT_MS || waits === MOST_WAITS) throw asOfPicture(error, path);
        await pause(Math.max(0, ms), signal);
      }
    }
  }

  async #ask(path: string, signal: AbortSignal): Promise<Uint8Array> {
    const request = { ...PICTURE_LIMITS, ownHost: null, patience: { ...PATIENCE, longestWaitMs: 0 }, signal };
    const resource = await this.#hosts.asking(path, () => readPicture(path, request));
    if (resource === 'unchanged') throw new Error('an unasked "unchanged"');
    return resource.bytes;
  }

  /** Once it is listed, the table itself is not needed. */
  async require(): Promise<void> {}

  close(): void {}

  async *#itemsOf({ head, text, url }: FeedDocument): AsyncGenerator<Item> {
    const layout = tableLayout(head);
    if (!layout) {
      yield* listItems(text);
      return;
    }
    const columns = columnsOf(head, layout);
    if (!columns) {
      const named = layout.columns.filter((column) => column !== '').slice(0, 50);
      throw unusable(this.#path, { reason: 'no-picture-column', columns: named });
    }
    for await (const row of tableRows(text, layout, url)) {
      if ('problem' in row) {
        const { item, image: _, ...fault } = row.problem;
        yield { at: item, line: lineOf(item), facts: null, fault };
      } else yield* itemsOfRow(row.fields, lineOf(row.place), columns);
    }
  }
}

/** Null where no column names pictures. */
function columnsOf(head: string, layout: TableLayout): Columns | null {
  const { columns } = layout;
  const fields = proposeFields(columns);
  const competitor = columnNamed(columns, COMPETITOR_NAMES);
  if (fields.images) return { fields, competitor };
  const values = firstValues(head, layout, ROWS_LOOKED_AT);
  const seen = columns.find((column) => looksLike(column, values.get(column) ?? [], fields) === 'images');
  const images = seen ?? columnNamed(columns, FILE_NAMES);
  return images === null || images === undefined
    ? null
    : { fields: { ...fields, images: [images] }, competitor };
}

function* itemsOfRow(row: Fields, line: number | null, { fields, competitor }: Columns): Generator<Item> {
  const item = mapped(fields, (column) => (row[column] === undefined ? [] : [row[column]]));
  const refs = item.images.flatMap((cell) => (typeof cell === 'string' ? splitImageRefs(cell) : []));
  const { salePrice, saleFrom, saleUntil } = item;
  const written = { price: item.price, currency: item.currency, salePrice, saleFrom, saleUntil };
  const { price, currency } = readMoney(written, '', []);
  const facts: RowFacts = {
    title: fact(item.title),
    sku: fact(item.sku ?? item.id),
    brand: fact(item.brand),
    category: fact(item.category),
    competitor: competitor === null ? null : fact(row[competitor]),
    price,
    currency,
    url: fact(item.url, MOST_CHARACTERS.reference),
  };
  if (refs.length === 0) yield { at: '', line, facts, fault: notFollowed('') };
  for (const ref of refs) yield itemOfRef(ref, line, facts);
}

/** A text of one column: a picture a line. A heading above them is none of them. */
async function* listItems(text: AsyncIterable<string>): AsyncGenerator<Item> {
  let [rest, line] = ['', 0];
  const itemsIn = function* (lines: readonly string[]): Generator<Item> {
    for (const each of lines) {
      line++;
      const ref = each.replace(/^\ufeff/, '').trim();
      const isHeading = line === 1 && !/[./\\]/.test(ref);
      if (ref !== '' && !isHeading) yield itemOfRef(ref, line, null);
    }
  };
  for await (const chunk of text) {
    const lines = (rest + chunk).split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    yield* itemsIn(lines);
  }
  yield* itemsIn([rest]);
}

function itemOfRef(ref: string, line: number | null, facts: RowFacts | null): Item {
  const isTooLong = ref.length > MOST_CHARACTERS.reference;
  const at = isTooLong ? ref.slice(0, 200) : ref;
  return { at, line, facts, fault: isTooLong ? notFollowed(at) : null };
}

function notFollowed(ref: string): Fault {
  const kind = namesComputer(ref) ? 'other-computer' : 'no-reference';
  return { code: 'IMAGE_MISSING', params: { at: ref, reason: { kind }, proxy: null } };
}

/** The failure as that of one picture, whose address nobody has entered. */
function asOfPicture(error: unknown, path: string): unknown {
  if (error instanceof AskedToWaitError) {
    const { host, until } = error;
    const waitSeconds = Math.max(0, Math.ceil((until - Date.now()) / 1000));
    const reason = { kind: 'status', status: 429, name: 'Too Many Requests', waitSeconds } as const;
    return new LookalikeError(
      { code: 'IMAGE_MISSING', params: { at: host, reason, proxy: null } },
      { item: path, cause: error },
    );
  }
  if (!(error instanceof LookalikeError) || error.code !== 'ADDRESS_REFUSED') return error;
  const { host } = new URL(path);
  return new LookalikeError(
    { code: 'PICTURE_ADDRESS_PRIVATE', params: { host } },
    { item: path, cause: error },
  );
}

function fact(value: unknown, most: number = MOST_CHARACTERS.fact): string | null {
  if (typeof value !== 'string' && typeof value !== 'number') return null;
  const text = String(value).trim().slice(0, most);
  return text === '' ? null : text;
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await wait(ms, undefined, { signal });
  } catch (cause) {
    throw new LookalikeError('CANCELLED', { cause });
  }
}

const lineOf = (place: string): number | null => Number(/^line (\d+)$/.exec(place)?.[1]) || null;

function columnNamed(columns: readonly string[], wanted: readonly string[]): string | null {
  return columns.find((column) => wanted.includes(plain(column))) ?? null;
}

const plain = (column: string): string =>
  column
    .toLowerCase()
    .normalize('NFD')
    .replaceAll(/[^a-z0-9]/g, '');

function names(text: string): string[] {
  return text.split(' ');
}
