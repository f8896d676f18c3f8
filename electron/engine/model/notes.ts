import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { verifiedBy } from '../../contract/models.ts';
import { textOf } from '../files/text-of.ts';

/** The notes' file in a model's folder. */
export const NOTES = 'verified.json';

const notes = z.record(z.string(), z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), by: verifiedBy }));

/** By file name: the sha256 that the file had when it was installed, and what vouched for it then. */
export type Notes = z.infer<typeof notes>;

/** What was noted when the model in this folder was installed; nothing for one that was put there by hand. */
export async function readNotes(folder: string): Promise<Notes> {
  return (await readIntact(folder).catch(() => null)) ?? {};
}

/** Whether the notes are there and cannot be read. */
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
  await writeFileAtomic(join(folder, NOTES), `${JSON.stringify(noted, null, 2)}\n`);
}
