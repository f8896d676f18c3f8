import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import writeFileAtomic from 'write-file-atomic';
import { z } from 'zod';
import { verifiedBy } from '../../contract/models.ts';

const FILE = 'verified.json';

const notes = z.record(z.string(), z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), by: verifiedBy }));

/** By file name: the sha256 that the file had when it was installed, and what vouched for it then. */
export type Notes = z.infer<typeof notes>;

/** What was noted when the model in this folder was installed; nothing for one that was put there by hand. */
export async function readNotes(folder: string): Promise<Notes> {
  try {
    return notes.parse(JSON.parse(await readFile(join(folder, FILE), 'utf8')));
  } catch {
    return {};
  }
}

export async function writeNotes(folder: string, noted: Notes): Promise<void> {
  await writeFileAtomic(join(folder, FILE), `${JSON.stringify(noted, null, 2)}\n`);
}
