import { readdir, stat } from 'node:fs/promises';
import { basename, extname, join } from 'node:path';
import type { FeedPart } from '../format.ts';
import { problem } from '../product.ts';

const PICTURES = new Set('.jpg .jpeg .jfif .png .webp .gif .tif .tiff .avif .heic .heif'.split(' '));

/** Whether the path is that of a folder. */
export async function isFolder(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => null);
  return info?.isDirectory() ?? false;
}

/** The pictures of a folder and of those in it, each as a product: its id is its file's name, its title that name in words. */
export async function* folderItems(folder: string): AsyncGenerator<FeedPart> {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const files = entries
    // Finder and Explorer leave their own behind.
    .filter((entry) => entry.isFile() && !entry.name.startsWith('.') && entry.name !== 'Thumbs.db')
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  for (const file of files) {
    const extension = extname(file);
    const id = basename(file, extension);
    if (PICTURES.has(extension.toLowerCase())) {
      yield { fields: { id, title: id.replaceAll(/[-_]+/g, ' ').trim() || id, image: file } };
    } else {
      yield { problem: problem(basename(file), 'ITEM_INVALID', 'This file is not a picture.') };
    }
  }
}
