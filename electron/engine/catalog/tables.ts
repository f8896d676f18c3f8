import { sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Connection, Table } from '@lancedb/lancedb';
import { lanceDb } from './lance-library.ts';

/**
 * Connects to the Lance tables of a catalog. Only this function knows how LanceDB must be told where they are.
 * @param uri a folder, or any location that LanceDB supports (`s3://…`)
 * @throws LookalikeError CATALOG_LIBRARY_MISSING
 */
export async function connectTables(uri: string): Promise<Connection> {
  return lanceDb().connect(isFolder(uri) ? lanceUri(uri) : uri);
}

/** Whether a URI is a folder of this machine. Anything else is a location that LanceDB reads by URI. */
export const isFolder = (uri: string): boolean => !/^[a-z0-9+]{2,}:\/\//i.test(uri);

/** Makes the newest version of a table equal to an older one, under a new number. */
export async function restoreVersion(table: Table, version: number): Promise<void> {
  await table.checkout(version);
  await table.restore();
  await table.checkoutLatest();
}

/**
 * The URI of a folder for LanceDB.
 *
 * Lance 12 (LanceDB 0.39) creates the folder of a table's tags under the percent-encoded name of its path: for a home `Jörg`
 * it makes `J%C3%B6rg` beside it. The user has no permission there, and the import fails. Lance's `file-object-store` scheme
 * reads and writes the same files in the same place, also atomically, and leaves folders to the `object_store` crate, which
 * decodes names. Only paths that need this scheme get it, because Lance keeps it for its own tests. With 10,000 rows of 8 KB
 * neither scheme was faster (write 0.6 to 1.0 s, read 20 to 60 ms, 30 look-ups 90 to 130 ms).
 */
function lanceUri(folder: string): string {
  if (folder.split(sep).every((name) => PLAIN.test(name))) return folder;
  const url = pathToFileURL(folder);
  // Only `file:` supports a share (`\\server\share`).
  return url.host === '' ? url.href.replace(/^file:/, 'file-object-store:') : folder;
}

/** Names that the `object_store` crate does not encode; its `path/parts.rs` lists what it encodes. */
const PLAIN = /^[\w !$&'()+,\-./:;=@]*$/;
