import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { LookalikeError } from '../../contract/errors.ts';
import { writeWhole } from '../files/changes.ts';
import { isFolder } from './tables.ts';
import { tablesOfVersion1 } from './version-1-snapshots.ts';

/** The schema version that this app writes. Version 1 had one table for each model, with all columns. */
export const SCHEMA_VERSION = 2;
const FILE = 'schema.json';

const schemaFile = z.object({
  schema: z.int().min(1),
  /** Tables of the previous version that are still to be deleted. The tables of this version are complete. */
  leftOver: z.array(z.string()).default([]),
});
type SchemaFile = z.infer<typeof schemaFile>;

/** Notes the schema version of new tables. Needs the lock. */
export async function noteSchema(uri: string): Promise<void> {
  if (!isFolder(uri) || (await readSchema(uri)) !== null) return;
  await writeSchema(uri, { schema: SCHEMA_VERSION, leftOver: [] });
}

/**
 * Whether tables must be migrated, or tables of the previous version are still to be deleted.
 * @throws LookalikeError CATALOG_TOO_NEW
 */
export async function isBehind(uri: string): Promise<boolean> {
  const { schema, leftOver } = await schemaOf(uri);
  if (schema <= SCHEMA_VERSION) return schema < SCHEMA_VERSION || leftOver.length > 0;
  const params = { version: schema, known: SCHEMA_VERSION };
  throw new LookalikeError({ code: 'CATALOG_TOO_NEW', params }, { item: uri });
}

/** The noted schema version. When the note is missing or damaged, the names of the tables tell the version. */
export async function schemaOf(uri: string): Promise<SchemaFile> {
  const noted = await readSchema(uri);
  if (noted) return noted;
  const tables = await tablesOfVersion1(uri);
  return { schema: tables.length > 0 ? 1 : SCHEMA_VERSION, leftOver: [] };
}

async function readSchema(uri: string): Promise<SchemaFile | null> {
  try {
    return schemaFile.parse(JSON.parse(await readFile(join(uri, FILE), 'utf8')));
  } catch {
    return null;
  }
}

export const writeSchema = (uri: string, file: SchemaFile) =>
  writeWhole(join(uri, FILE), `${JSON.stringify(file)}\n`);
