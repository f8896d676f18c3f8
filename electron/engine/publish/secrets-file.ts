import { join } from 'node:path';
import type { Fault } from '../../contract/faults.ts';
import { SECRETS_FILE, secretsFile } from '../../contract/secrets-file.ts';
import { textOf } from '../files/text-of.ts';

/**
 * The fault when the shell's file of secrets is damaged, as far as that can be seen without its key; null when it is intact
 * or missing.
 */
export async function secretsFault(dataDir: string): Promise<Fault | null> {
  const file = join(dataDir, SECRETS_FILE);
  try {
    secretsFile.parse(JSON.parse((await textOf(file)) ?? '{}'));
    return null;
  } catch {
    return { code: 'FILE_DAMAGED', params: { file, of: 'secrets', kept: null } };
  }
}
