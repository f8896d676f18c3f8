import { sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type Connection, connect, type Table } from '@lancedb/lancedb';

/**
 * Connects to the Lance tables of a catalog: the one place that knows how LanceDB must be told where they lie.
 * @param uri a folder, or any place LanceDB can reach (`s3://…`)
 */
export function connectTables(uri: string): Promise<Connection> {
  return connect(isFolder(uri) ? lanceUri(uri) : uri);
}

/** A folder of this machine; anything else is a place that LanceDB reaches by URI. */
export const isFolder = (uri: string): boolean => !/^[a-z0-9+]{2,}:\/\//i.test(uri);

/** Makes the newest version of a table the same as an older one, under a number of its own. */
export async function restoreVersion(table: Table, version: number): Promise<void> {
  await table.checkout(version);
  await table.restore();
  await table.checkoutLatest();
}

/**
 * The address of a folder for LanceDB.
 *
 * Lance 12 (LanceDB 0.39) creates the folder of a table's tags under the percent-encoded name of its path: for a home
 * `Jörg` it makes `J%C3%B6rg` beside it, which that user may not, and the import fails. Its `file-object-store` scheme
 * reads and writes the same files in the same place, atomically too, and leaves folders to the `object_store` crate,
 * which decodes names. Only paths that need that scheme get it: Lance keeps it for tests of its own, and in 10,000 rows
 * of 8 KB neither was faster (write 0.6 to 1.0 s, read 20 to 60 ms, 30 look-ups 90 to 130 ms).
 */
function lanceUri(folder: string): string {
  if (folder.split(sep).every((name) => PLAIN.test(name))) return folder;
  const url = pathToFileURL(folder);
  // A share (`\\server\share`) is known to `file:` alone.
  return url.host === '' ? url.href.replace(/^file:/, 'file-object-store:') : folder;
}

/** Names that the `object_store` crate leaves as they are; the list of what it encodes is in its `path/parts.rs`. */
const PLAIN = /^[\w !$&'()+,\-./:;=@]*$/;
