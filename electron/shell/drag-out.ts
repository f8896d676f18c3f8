import { mkdir, mkdtemp, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { app, type BrowserWindow, nativeImage } from 'electron';
import { z } from 'zod';
import { cleanUp } from '../engine/files/changes.ts';

/** Pictures of the catalog are small; see `contract/catalog.ts`. */
const MOST_BYTES = 2_000_000;
const LONGEST_NAME = 80;

export const dragArguments = z.tuple([
  z.string().max(1000),
  z.instanceof(Uint8Array).refine((bytes) => bytes.length <= MOST_BYTES),
]);

/** The folder of this run's dragged files: whoever gets a file may read it any time later. */
let folder: Promise<string> | null = null;

/** Makes a file of a picture and begins to drag it. The files are deleted when the app quits. */
export async function dragPicture(name: string, jpeg: Uint8Array, window: BrowserWindow): Promise<void> {
  const icon = nativeImage.createFromBuffer(Buffer.from(jpeg));
  if (icon.isEmpty()) throw new Error('The page dragged what is no picture.');
  folder ??= makeFolder();
  // Each in a folder of its own: two products may have one name.
  const file = path.join(await mkdtemp(path.join(await folder, 'drag-')), `${fileName(name)}.jpg`);
  await writeFile(file, jpeg);
  window.webContents.startDrag({ file, icon: icon.resize({ width: 96 }) });
}

async function makeFolder(): Promise<string> {
  const made = path.join(app.getPath('temp'), `lookalike-${process.pid}`);
  await mkdir(made, { recursive: true, mode: 0o700 });
  app.once('will-quit', () => void cleanUp(made));
  return made;
}

/** A name that every system takes. */
export function fileName(name: string): string {
  const plain = name
    .replace(/[\p{Cc}<>:"/\\|?*]/gu, ' ')
    .replace(/\s+/g, ' ')
    .slice(0, LONGEST_NAME)
    .replace(/^[. ]+|[. ]+$/g, '');
  return plain || 'Product';
}
