import { stat } from 'node:fs/promises';
import { extname } from 'node:path';
import { LookalikeError } from '../../../contract/errors.ts';
import type { Source } from '../entries.ts';
import { FolderSource } from './folder.ts';
import { readPictureFile } from './picture-bytes.ts';
import { type Item, type OpenSource, unusable } from './source.ts';
import { TableSource } from './table.ts';
import { ZipSource } from './zip.ts';

const TABLES = new Set(['.csv', '.tsv', '.txt']);

/**
 * What lies at a path: a folder, a ZIP archive, a table, or a picture.
 * @throws LookalikeError COMPARISON_SOURCE_UNUSABLE when nothing does
 */
export async function sourceAt(path: string): Promise<Source> {
  const info = await stat(path).catch((cause: unknown) => {
    throw unusable(path, { reason: 'not-opened' }, cause);
  });
  if (info.isDirectory()) return { kind: 'folder', path };
  const extension = extname(path).toLowerCase();
  if (extension === '.zip') return { kind: 'zip', path };
  return { kind: TABLES.has(extension) ? 'table' : 'file', path };
}

/** @param pasted reads the bytes of a pasted picture */
export async function openSource(
  source: Source,
  pasted: (index: number) => Promise<Uint8Array | null>,
): Promise<OpenSource> {
  switch (source.kind) {
    case 'folder':
      return new FolderSource(source.path);
    case 'zip':
      return ZipSource.open(source.path);
    case 'table':
      return new TableSource(source.path);
    case 'file':
      return {
        items: () => listed([source.path]),
        read: (at, signal) => readPictureFile(at, at, signal),
        require: async () => {},
        close: () => {},
      };
    case 'pasted':
      return {
        items: () => listed(source.pictures.map((_, i) => String(i))),
        read: async (at) => {
          const bytes = await pasted(Number(at));
          if (bytes) return bytes;
          throw new LookalikeError({ code: 'IMAGE_UNREADABLE', params: { reason: 'not-opened' } });
        },
        require: async () => {},
        close: () => {},
      };
  }
}

async function* listed(keys: readonly string[]): AsyncGenerator<Item> {
  for (const at of keys) yield { at, line: null, facts: null, fault: null };
}
