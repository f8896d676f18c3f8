import type { Fault } from '../../contract/faults.ts';
import type { LogEntry } from './integrity.ts';
import { integrityFile } from './layout.ts';
import type { CatalogCondition } from './table-watch.ts';

export interface FoundDamage {
  condition: CatalogCondition;
  /** The snapshot that answers. Called only when it is not the published one. */
  answering: (version: number) => Promise<LogEntry>;
  /** Tables whose integrity notes cannot be read. */
  damagedNotes: readonly string[];
  /** Whether the list of snapshots is damaged. */
  isListDamaged: boolean;
}

/** The damage to a catalog's tables, for the status. */
export async function damageReport(found: FoundDamage): Promise<Fault[]> {
  const { condition, damagedNotes, isListDamaged } = found;
  const faults: Fault[] = [...picturesDamaged(condition), ...(await snapshotsDamaged(found))];
  for (const table of damagedNotes) {
    const params = { file: integrityFile(table), of: 'integrity', kept: null } as const;
    faults.push({ code: 'FILE_DAMAGED', params });
  }
  if (isListDamaged) faults.push({ code: 'SNAPSHOT_LIST_DAMAGED', params: {} });
  return faults;
}

/**
 * The fault of a published snapshot that is damaged. @param answering the snapshot that answers instead; null when none does
 */
export function catalogDamaged({ files }: CatalogCondition, answering: LogEntry | null): Fault {
  const { name, publishedAt } = answering ?? {};
  return {
    code: 'CATALOG_DAMAGED',
    params: {
      answering: name === undefined || publishedAt === undefined ? null : { name, publishedAt },
      files: files.length,
      example: files[0]?.path ?? '',
    },
  };
}

function picturesDamaged({ pictures }: CatalogCondition): Fault[] {
  const [picture] = pictures.files;
  if (!picture) return [];
  const params = { files: pictures.files.length, example: picture.path };
  return [{ code: 'CATALOG_PICTURES_DAMAGED', params }];
}

async function snapshotsDamaged({ condition, answering: infoOf }: FoundDamage): Promise<Fault[]> {
  const { live, answering, damaged, pictures, brokenIndexes } = condition;
  const files = condition.files.filter((file) => !pictures.files.includes(file));
  if (live !== answering || (files.length > 0 && answering === null)) {
    return [catalogDamaged(condition, answering === null ? null : await infoOf(answering))];
  }
  const faults: Fault[] = [];
  const areWordsBroken = brokenIndexes.length > 0;
  if (areWordsBroken) faults.push({ code: 'WORDS_INDEX_DAMAGED', params: {} });
  const others = areWordsBroken ? files.filter(({ path }) => !path.includes('/_indices/')) : files;
  const [example] = others;
  if (example) {
    const params = { snapshots: damaged.size, files: others.length, example: example.path };
    faults.push({ code: 'SNAPSHOTS_DAMAGED', params });
  }
  return faults;
}
