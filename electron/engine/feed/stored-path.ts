import { access } from 'node:fs/promises';
import { join, parse, sep } from 'node:path';

/**
 * The path under which a file is stored whose name may be written in another Unicode normalisation: macOS and ZIP archives
 * made there decompose "ö", most other systems compose it. A folder and a file in it can differ, so every part of the path is
 * tried in both forms.
 * @returns the path itself when there is nothing at any form
 */
export async function storedPath(path: string): Promise<string> {
  const { root } = parse(path);
  let found = root;
  for (const part of path.slice(root.length).split(sep)) {
    const next = await firstThere([part, part.normalize('NFC'), part.normalize('NFD')], found);
    if (next === null) return path;
    found = next;
  }
  return found;
}

async function firstThere(names: readonly string[], folder: string): Promise<string | null> {
  for (const name of new Set(names)) {
    const path = join(folder, name);
    const isThere = await access(path).then(
      () => true,
      () => false,
    );
    if (isThere) return path;
  }
  return null;
}
