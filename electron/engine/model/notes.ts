import { join } from 'node:path';
import { z } from 'zod';
import { verifiedBy } from '../../contract/models.ts';
import { writeWhole } from '../files/changes.ts';
import { textOf } from '../files/text-of.ts';

/** The notes' file in a model's folder. */
export const NOTES = 'verified.json';

const notes = z.record(z.string(), z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), by: verifiedBy }));

/** By file name: the sha256 of the file when it was installed, and the source of that hash. */
export type Notes = z.infer<typeof notes>;

/** Reads the notes of a model's installation; empty for a model that was copied into place by hand. */
export async function readNotes(folder: string): Promise<Notes> {
  return (await readIntact(folder).catch(() => null)) ?? {};
}

/** Whether the notes exist and cannot be read. */
export function areNotesDamaged(folder: string): Promise<boolean> {
  return readIntact(folder).then(
    () => false,
    () => true,
  );
}

async function readIntact(folder: string): Promise<Notes | null> {
  const text = await textOf(join(folder, NOTES));
  return text === null ? null : notes.parse(JSON.parse(text));
}

export async function writeNotes(folder: string, noted: Notes): Promise<void> {
  await writeWhole(join(folder, NOTES), `${JSON.stringify(noted, null, 2)}\n`);
}
