import { isLeftBehind } from '../../electron/contract/left-behind.ts';

/** The most pictures that are matched as photos. A folder with more is a catalog. */
const MOST_PICTURES = 5000;
const PICTURE = /\.(jpe?g|jfif|png|webp|gif|tiff?|avif|heic|heif)$/i;

/** The pictures of a folder, ordered by name, and the number of its other files. */
export interface FolderPictures {
  name: string;
  pictures: File[];
  leftOut: number;
}

/** The dropped folder, if the drop is a single folder. Must be called while the drop event is handled. */
export function droppedFolder(items: DataTransferItemList): FileSystemDirectoryEntry | null {
  const [entry, second] = Array.from(items).flatMap((item) => item.webkitGetAsEntry() ?? []);
  return entry && !second && isDirectory(entry) ? entry : null;
}

/** Reads a dropped folder and its subfolders. Hidden files are ignored. */
export async function picturesOf(folder: FileSystemDirectoryEntry): Promise<FolderPictures> {
  const pictures: File[] = [];
  let leftOut = 0;
  const waiting = [folder];
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    for (const entry of await entriesOf(next)) {
      if (isLeftBehind(entry.name)) continue;
      if (isDirectory(entry)) waiting.push(entry);
      else if (isFile(entry) && PICTURE.test(entry.name) && pictures.length < MOST_PICTURES)
        pictures.push(await fileOf(entry));
      else leftOut++;
    }
  }
  return { name: folder.name, pictures, leftOut };
}

export function isPicture({ name, type }: File): boolean {
  return type.startsWith('image/') || PICTURE.test(name);
}

function isDirectory(entry: FileSystemEntry): entry is FileSystemDirectoryEntry {
  return entry.isDirectory;
}

function isFile(entry: FileSystemEntry): entry is FileSystemFileEntry {
  return entry.isFile;
}

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => entry.file(resolve, reject));
}

/** A reader returns some entries at a time, and an empty list at the end. */
async function entriesOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader();
  const entries: FileSystemEntry[] = [];
  for (;;) {
    const batch = await new Promise<FileSystemEntry[]>((resolve, reject) =>
      reader.readEntries(resolve, reject),
    );
    if (batch.length === 0) break;
    entries.push(...batch);
  }
  return entries.sort((a, b) => a.name.localeCompare(b.name, undefined, { numeric: true }));
}
