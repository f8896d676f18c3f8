import { useEffect, useState } from 'react';
import type { FeedFormat } from '../../electron/contract/publishing.ts';
import { isCatalogFile, sourceName } from '../catalog/feed-words.ts';
import { type Feed, planFeed, syncFeed } from '../catalog/sync.ts';
import { compareFiles } from '../compare/comparisons.ts';
import { useConnection } from '../engine/connection.ts';
import { matchFirst } from '../match/photo-queue.ts';
import { matchPhoto, matchWords } from '../match/query-actions.ts';
import { NO_WORDS } from '../match/words.ts';
import { installFrom } from '../models/models.ts';
import { toast } from '../page/toast.ts';
import { show, useView } from '../page/view.ts';
import { isTyping } from '../ui/keys.ts';
import { droppedFolder, isPicture, picturesOf } from './dropped-folder.ts';
import { offer } from './offer.ts';
import { isReadable, readTransfer, type Transfer } from './transfer.ts';

/** Imports a first catalog at once. With a catalog, it shows first what would change. */
export function takeCatalog(path: string, format: FeedFormat | null = null): void {
  if (path === '') {
    toast('A catalog has to be a file on this machine: save it first');
    return;
  }
  const source = { kind: 'file', path } as const;
  const feed: Feed = { name: sourceName(source), request: { source, format } };
  if (!useConnection.getState().status?.snapshot) void syncFeed(feed);
  else {
    show('catalog');
    // Removes the focus from its present element, so that it can move to what appears.
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    void planFeed(feed);
  }
}

/**
 * Whether a file is a model's: a model file on any screen, and on the Models screen everything that is neither a picture nor
 * a feed, such as a folder.
 */
function isModel(file: File): boolean {
  const { name } = file;
  if (/\.onnx$/i.test(name)) return true;
  if (useView.getState().view !== 'models' || isPicture(file)) return false;
  return name === 'model.json' || !isCatalogFile(name);
}

function takeModel(file: File, files: readonly File[]): void {
  if (files.length > 1) {
    toast('Drop the folder that holds these files');
    return;
  }
  const path = window.lookalike.pathForFile(file);
  if (path === '') {
    toast('A model has to be a file or folder on this machine: save it first');
    return;
  }
  show('models');
  void installFrom(path);
}

/**
 * Handles dropped, pasted or picked files: installs a model, checks or imports a catalog, matches anything else as a photo,
 * and several photos one after another.
 */
export function take(files: readonly File[]): void {
  const [file] = files;
  if (!file) return;
  if (isModel(file)) takeModel(file, files);
  else if (isCatalogFile(file.name)) takeCatalog(window.lookalike.pathForFile(file));
  else if (files.length === 1) void matchPhoto(file, file.name || 'Pasted picture');
  else takePhotos(files);
}

/** On Compare, whatever is dropped or pasted is a pile of pictures to compare: folders, archives and tables too. */
function takePile(files: readonly File[]): void {
  const { status } = useConnection.getState();
  // An engine that is starting is waited for.
  if (status === null || (status.snapshot?.products ?? 0) > 0) void compareFiles(files);
  else toast('There is no catalog to compare with yet: import one first');
}

function takePhotos(files: readonly File[]): void {
  const photos = files.filter(isPicture);
  const [first] = files;
  // No file looks like a picture: the first one is tried, and its error names what it is.
  if (photos.length === 0 && first) void matchPhoto(first, first.name);
  else matchFirst(photos, files.length - photos.length);
}

/** A folder of pictures can be a catalog or photos to match. On Match the person is asked which. */
async function takeFolder(folder: FileSystemDirectoryEntry, path: string): Promise<void> {
  const { view } = useView.getState();
  if (view === 'models') {
    void installFrom(path);
    return;
  }
  if (view === 'catalog' || !useConnection.getState().status?.snapshot) {
    takeCatalog(path, 'folder');
    return;
  }
  const found = await picturesOf(folder);
  if (found.pictures.length === 0) toast('There is no picture in this folder');
  else offer({ kind: 'folder', path, ...found });
}

function takeTransfer(transfer: Transfer): void {
  if (transfer.kind === 'files') take(transfer.files);
  if (transfer.kind === 'picture') void matchPhoto(transfer.file, transfer.file.name);
  if (transfer.kind === 'address') offer({ kind: 'address', url: transfer.url });
  if (transfer.kind === 'text') matchWords({ ...NO_WORDS, text: transfer.text });
  if (transfer.kind === 'unreachable')
    toast('Only the program that shows this picture can read it. Copy the picture itself and paste it here.');
  if (transfer.kind === 'file-address')
    toast('This is only the address of a file. Drop the file itself, or choose it with Browse.');
  if (transfer.kind === 'damaged')
    toast('This picture did not come whole. Copy the picture itself and paste it here.');
  if (transfer.kind === 'nothing')
    toast('There is nothing here to match. Use a picture, the address of one, or words.');
}

const CATALOG_TYPE = /json|csv|xml|gzip|tab-separated/;

/** What a drop here would do. During a drag a page knows types but no file names, and few feeds have a type. */
function dropWords({ items, types }: DataTransfer): string {
  const kinds = Array.from(items, ({ type }) => type);
  const count = Array.from(items).filter(({ kind }) => kind === 'file').length;
  if (useView.getState().view === 'compare' && count > 0)
    return count === 1 ? 'Compare this with the catalog' : `Compare these ${count} with the catalog`;
  const photos = Array.from(items).filter(({ kind, type }) => kind === 'file' && type.startsWith('image/'));
  if (photos.length > 1) return `Match these ${photos.length} photos, one after another`;
  if (kinds.some((type) => type.startsWith('image/'))) return 'Match this photo';
  if (!types.includes('Files')) return types.includes('text/html') ? 'Match this picture' : 'Search for this';
  if (useView.getState().view === 'models') return 'Install this model';
  if (kinds.some((type) => CATALOG_TYPE.test(type))) return 'Import this catalog';
  return 'Match this photo, or import this catalog';
}

function onPaste(event: ClipboardEvent): void {
  const data = event.clipboardData;
  if (!data) return;
  const transfer = readTransfer(data);
  // A text field keeps the text that is pasted into it.
  if (isTyping(event.target) && transfer.kind !== 'files' && transfer.kind !== 'picture') return;
  event.preventDefault();
  if (useView.getState().view === 'compare' && transfer.kind === 'files') takePile(transfer.files);
  else takeTransfer(transfer);
}

/** A drag that began in the page itself, such as of a selected word, is ignored. */
function isOwnDrag(event: DragEvent, own: boolean): boolean {
  return own || !event.dataTransfer || !isReadable(event.dataTransfer);
}

/** Accepts drops and pastes in the whole window. Returns the text to show during a drag. */
export function useIntake(): string | null {
  const [words, setWords] = useState<string | null>(null);
  useEffect(() => {
    let own = false;
    const onDragOver = (event: DragEvent) => {
      if (isOwnDrag(event, own) || !event.dataTransfer) return;
      event.preventDefault();
      setWords(dropWords(event.dataTransfer));
    };
    const onDragLeave = (event: DragEvent) => {
      // When the pointer moves to another element there is a related target; when it leaves the window there is none.
      if (!event.relatedTarget) setWords(null);
    };
    const onDrop = (event: DragEvent) => {
      setWords(null);
      const data = event.dataTransfer;
      if (isOwnDrag(event, own) || !data) return;
      event.preventDefault();
      if (useView.getState().view === 'compare' && data.files.length > 0) {
        takePile(Array.from(data.files));
        return;
      }
      const folder = droppedFolder(data.items);
      const [file] = data.files;
      if (folder && file) void takeFolder(folder, window.lookalike.pathForFile(file)).catch(sayUnreadable);
      else takeTransfer(readTransfer(data));
    };
    const listening = new AbortController();
    const { signal } = listening;
    document.addEventListener(
      'dragstart',
      () => {
        own = true;
      },
      { signal },
    );
    document.addEventListener(
      'dragend',
      () => {
        own = false;
      },
      { signal },
    );
    // Both events: an element that has just appeared under the pointer gets `dragover` only if it accepted `dragenter`.
    document.addEventListener('dragenter', onDragOver, { signal });
    document.addEventListener('dragover', onDragOver, { signal });
    document.addEventListener('dragleave', onDragLeave, { signal });
    document.addEventListener('drop', onDrop, { signal });
    document.addEventListener('paste', onPaste, { signal });
    return () => listening.abort();
  }, []);
  return words;
}

function sayUnreadable(error: unknown): void {
  console.error('folder', error);
  toast('This folder could not be read');
}
