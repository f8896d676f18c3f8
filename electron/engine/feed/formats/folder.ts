import type { Dirent } from 'node:fs';
import { readdir, realpath, stat } from 'node:fs/promises';
import { basename, extname, join, relative, sep } from 'node:path';
import { LookalikeError } from '../../../contract/errors.ts';
import { isLeftBehind } from '../../../contract/left-behind.ts';
import type { FeedPart } from '../format.ts';
import { invalidItem } from '../problem.ts';

const PICTURES = new Set('.jpg .jpeg .jfif .png .webp .gif .tif .tiff .avif .heic .heif'.split(' '));
/** Names of views, with or without a number, that several pictures of one product have. */
const VIEW =
  /^(front|back|rear|side|left|right|top|bottom|inside|inner|outer|detail|details|close-?up|zoom|main|hero|cover|model|worn|look|label|sole|pair|image|images|img|photo|picture|pic|dsc|dscn|dscf|p|view|angle|alt|packshot|swatch|vorne|vorn|hinten|seite|links|rechts|oben|unten|innen|bild|foto|ansicht|detailansicht|avant|arriere|arrière|dos|face|cote|côté|haut|bas|vue|frente|espalda|lado|detalle|imagen|fronte|retro|lato|dettaglio|immagine|voor|voorkant|achter|achterkant|zijkant)?[-_ ]*\(?\d*\)?$/i;
/** Views that come first, because they show the product best. */
const SHOWN_FIRST = /^(front|main|hero|cover|vorne|vorn|avant|face|frente|fronte|voor|voorkant)/i;
/** The most pictures of one product. A folder with more pictures is not one product (`product.ts`). */
const MOST_PICTURES = 20;

/** Pictures in one folder. */
interface Album {
  /** Relative to the chosen folder, separated by "/" on every system; empty for the chosen folder. */
  path: string;
  /** The pictures by their names without extension. A picture that exists as JPEG and WebP is two pictures. */
  pictures: Map<string, string[]>;
}

/** Whether the path is that of a folder. */
export async function isFolder(path: string): Promise<boolean> {
  const info = await stat(path).catch(() => null);
  return info?.isDirectory() ?? false;
}

/**
 * The pictures of a folder and of all folders in it. A folder whose pictures are named after views ("front", "2", as in
 * other folders, or after the folder itself) is one product. Any other picture is a product of its own, and so is every
 * picture of the chosen folder: "shirt-1" and "shirt-2" there may be two shirts. The id is the name of the file or folder,
 * or its path when the name is used twice. The title is the name in words. The category is the folder that the product is
 * in.
 */
export async function* folderItems(folder: string): AsyncGenerator<FeedPart> {
  const albums: Album[] = [];
  for await (const found of albumsIn(folder)) {
    if ('problem' in found) yield found;
    else albums.push(found);
  }
  const items = itemsOf(albums);
  const uses = new Map<string, number>();
  for (const { name } of items) uses.set(name, (uses.get(name) ?? 0) + 1);
  for (const { name, path, images, category } of items) {
    const id = (uses.get(name) ?? 0) > 1 ? path : name;
    const title = name.replaceAll(/[-_]+/g, ' ').trim() || name;
    yield { fields: { id, title, images, ...(category && { category }) } };
  }
}

interface Item {
  name: string;
  /** Like an album's path, without the extension. */
  path: string;
  images: string[];
  category: string | null;
}

function itemsOf(albums: readonly Album[]): Item[] {
  const folders = new Map<string, number>();
  for (const { pictures } of albums)
    for (const name of pictures.keys()) folders.set(fold(name), (folders.get(fold(name)) ?? 0) + 1);
  return albums.flatMap((album) => {
    const { path, pictures } = album;
    const [name = '', parent = null] = path.split('/').reverse();
    if (isProduct(album, name, folders)) {
      const shown = [...pictures].sort(
        ([a], [b]) => Number(SHOWN_FIRST.test(b)) - Number(SHOWN_FIRST.test(a)),
      );
      return [
        {
          name: composed(name),
          path: composed(path),
          images: shown.flatMap(([, files]) => files),
          category: parent,
        },
      ];
    }
    return [...pictures].map(([picture, images]) => {
      return {
        name: composed(picture),
        path: composed(path === '' ? picture : `${path}/${picture}`),
        images,
        category: name || null,
      };
    });
  });
}

/** @param folders the number of folders with a picture of each name */
function isProduct({ path, pictures }: Album, name: string, folders: ReadonlyMap<string, number>): boolean {
  if (path === '' || pictures.size === 0 || [...pictures.values()].flat().length > MOST_PICTURES)
    return false;
  return [...pictures.keys()].every((picture) => {
    return (
      VIEW.test(picture) || (folders.get(fold(picture)) ?? 0) > 1 || fold(picture).startsWith(fold(name))
    );
  });
}

/** Names from a Mac may be decomposed, and the shop's are not. */
const composed = (name: string): string => name.normalize('NFC');

const fold = (name: string): string => composed(name).toLowerCase();

/** The folder and all folders in it, each once, even when links form a cycle. Pictures "2" and "10" come in this order. */
async function* albumsIn(root: string): AsyncGenerator<Album | Extract<FeedPart, { problem: unknown }>> {
  const seen = new Set<string>();
  const open = [root];
  for (let folder = open.pop(); folder !== undefined; folder = open.pop()) {
    const path = relative(root, folder).split(sep).join('/');
    let entries: Dirent[];
    try {
      const real = await realpath(folder);
      if (seen.has(real)) continue;
      seen.add(real);
      entries = await readdir(folder, { withFileTypes: true });
    } catch (cause) {
      if (folder === root) {
        const reason = { kind: 'unreadable-folder', said: codeOf(cause) } as const;
        const params = { at: root, reason, proxy: null };
        throw new LookalikeError({ code: 'FEED_UNREACHABLE', params }, { item: root, cause });
      }
      yield unreadable(path, cause);
      continue;
    }
    const album: Album = { path, pictures: new Map() };
    const inner: string[] = [];
    for (const entry of entries.sort(byName)) {
      if (isLeftBehind(entry.name)) continue;
      const file = join(folder, entry.name);
      const within = path === '' ? entry.name : `${path}/${entry.name}`;
      const kind = await kindOf(entry, file);
      if (kind === 'folder') inner.push(file);
      else if (kind === 'other') yield { problem: invalidItem(within, { reason: 'not-a-picture' }) };
      else if (kind === 'picture') {
        const name = basename(file, extname(file));
        album.pictures.set(name, [...(album.pictures.get(name) ?? []), file]);
      } else yield unreadable(within, kind);
    }
    // The last one on the stack is read next.
    for (const each of inner.reverse()) open.push(each);
    yield album;
  }
}

const byName = (a: Dirent, b: Dirent): number =>
  a.name.localeCompare(b.name, 'en', { numeric: true }) || (a.name < b.name ? -1 : 1);

/** The kind of an entry, links followed; the error when it cannot be determined. */
async function kindOf(entry: Dirent, path: string): Promise<'folder' | 'picture' | 'other' | Error> {
  try {
    const info = entry.isSymbolicLink() ? await stat(path) : entry;
    if (info.isDirectory()) return 'folder';
    return info.isFile() && PICTURES.has(extname(path).toLowerCase()) ? 'picture' : 'other';
  } catch (cause) {
    return cause instanceof Error ? cause : new Error(String(cause));
  }
}

function unreadable(path: string, cause: unknown): Extract<FeedPart, { problem: unknown }> {
  return { problem: invalidItem(path, { reason: 'unreadable', said: codeOf(cause) }) };
}

/** The system's error code, such as EACCES. */
const codeOf = (cause: unknown): string =>
  cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
