// The tables and snapshots of schema version 1, which had one table for each model, with all columns.
import { readdir } from 'node:fs/promises';
import type { Connection } from '@lancedb/lancedb';
import type { Condition } from './condition.ts';
import { type LogEntry, readIntegrity } from './integrity.ts';
import { SnapshotLog } from './log.ts';

/** A model's table of version 1. */
export interface OldTable {
  modelId: string;
  name: string;
  condition: Condition;
}

/** A snapshot of version 1. */
export interface OldSnapshot {
  table: OldTable;
  entry: LogEntry;
}

/** Ids of the models that have a table of version 1. */
export async function tablesOfVersion1(uri: string): Promise<string[]> {
  const names = await readdir(uri).catch(() => []);
  return names.flatMap((name) => /^images-(.+)\.lance$/.exec(name)?.[1] ?? []).sort();
}

/** The intact snapshots of all models, the oldest first. */
export async function snapshotsOf(
  db: Connection,
  uri: string,
  tables: readonly OldTable[],
): Promise<OldSnapshot[]> {
  const logged = await new SnapshotLog(db, uri).all().catch((): LogEntry[] => []);
  const snapshots: OldSnapshot[] = [];
  for (const table of tables) {
    const { modelId, name, condition } = table;
    const noted = (await readIntegrity(uri, modelId)).snapshots;
    const known = [...logged.filter((entry) => entry.modelId === modelId), ...noted];
    for (const version of condition.kept) {
      if (condition.damaged.has(version)) continue;
      const entry = known.findLast((each) => each.version === version);
      snapshots.push({ table, entry: entry ?? (await recovered(db, name, modelId, version)) });
    }
  }
  return snapshots.sort((a, b) => a.entry.publishedAt.localeCompare(b.entry.publishedAt));
}

async function recovered(db: Connection, name: string, modelId: string, version: number): Promise<LogEntry> {
  const table = await db.openTable(name, undefined, { version });
  const made = (await table.listVersions()).find((each) => each.version === version)?.timestamp;
  const images = await table.countRows();
  table.close();
  const publishedAt = (made ?? new Date(0)).toISOString();
  const counts = { products: images, images, seconds: null, replaced: null };
  return { modelId, version, name: `Snapshot ${version}`, source: '', publishedAt, ...counts };
}

/** The snapshot that readers saw with the model in use or, if there is none, with the model that was published last. */
export function chooseLive(
  snapshots: readonly OldSnapshot[],
  modelInUse: string | null,
): OldSnapshot | undefined {
  const answers = ({ table, entry }: OldSnapshot) => entry.version === table.condition.answering;
  return (
    snapshots.find((snapshot) => answers(snapshot) && snapshot.table.modelId === modelInUse) ??
    snapshots.findLast(answers)
  );
}
