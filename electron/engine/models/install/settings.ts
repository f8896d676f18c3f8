import { mkdir } from 'node:fs/promises';
import { dirname } from 'node:path';
import { z } from 'zod';
import { modelMirror } from '../../../contract/models.ts';
import { writeWhole } from '../../files/changes.ts';
import { storageError } from '../../files/storage-error.ts';
import { textOf } from '../../files/text-of.ts';

const settings = z.object({ mirror: modelMirror.shape.url });
export type InstallSettings = z.infer<typeof settings>;

/** Reads how models are installed; the defaults when the file is missing or damaged. */
export async function readSettings(path: string): Promise<InstallSettings> {
  return (await readIntact(path).catch(() => null)) ?? { mirror: null };
}

/** Whether the settings file exists and cannot be read. */
export function areSettingsDamaged(path: string): Promise<boolean> {
  return readIntact(path).then(
    () => false,
    () => true,
  );
}

async function readIntact(path: string): Promise<InstallSettings | null> {
  const text = await textOf(path);
  return text === null ? null : settings.parse(JSON.parse(text));
}

/** @throws LookalikeError STORAGE_* */
export async function writeSettings(path: string, value: InstallSettings): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeWhole(path, `${JSON.stringify(value, null, 2)}\n`);
  } catch (cause) {
    throw storageError(cause, path);
  }
}
