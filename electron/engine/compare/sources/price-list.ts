import { extname, join, relative, sep } from 'node:path';
import { LookalikeError } from '../../../contract/errors.ts';
import { resolveImageRef } from '../../feed/image-refs.ts';
import type { Item } from './source.ts';
import { TableSource } from './table.ts';

const TABLES = new Set(['.csv', '.tsv']);

/** A table in a folder of pictures, whose rows name files of the folder. */
export interface PriceList {
  /** The name of the table in the folder. */
  table: string;
  /** What its rows say of each file, by the file's name. */
  ofFile: ReadonlyMap<string, readonly Item[]>;
  /** Rows that name no file of the folder. */
  others: readonly Item[];
}

/**
 * The price list of a folder: its only table, where that names files of the folder. Null where there is none: then a table is
 * a file that is no picture.
 * @param root of the folder, absolute
 * @param names of the folder's files, relative to it, in NFC
 * @throws LookalikeError CANCELLED
 */
export async function priceListOf(
  root: string,
  names: readonly string[],
  signal: AbortSignal,
): Promise<PriceList | null> {
  const [table, second] = names.filter(
    (name) => !name.includes('/') && TABLES.has(extname(name).toLowerCase()),
  );
  if (table === undefined || second !== undefined) return null;
  const known = new Set(names);
  const ofFile = new Map<string, Item[]>();
  const others: Item[] = [];
  const path = join(root, table);
  try {
    for await (const item of new TableSource(path).items(signal)) {
      const name = nameIn(root, resolveImageRef(item.at, path));
      if (name === null || !known.has(name) || item.fault) others.push(item);
      else ofFile.set(name, [...(ofFile.get(name) ?? []), item]);
    }
  } catch (error) {
    if (error instanceof LookalikeError && error.code !== 'CANCELLED') return null;
    throw error;
  }
  return ofFile.size > 0 ? { table, ofFile, others } : null;
}

const nameIn = (root: string, path: string | null): string | null =>
  path === null ? null : relative(root, path).split(sep).join('/').normalize('NFC');
